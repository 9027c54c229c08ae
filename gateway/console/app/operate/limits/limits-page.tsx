import { Progress, Stack, Text, Title } from '@mantine/core'
import { WideTable } from '../../wide-table.js'
import { useTexts } from '../../words.js'
import { call, type Results } from '../calls.js'
import { shown } from '../numbers.js'
import { useSession } from '../session.js'
import { Loaded } from '../../reading/loaded.js'
import { Section } from '../section.js'
import { formatMoment } from '../times.js'
import { useLoad } from '../../reading/use-load.js'
import { Blocks } from './blocks.js'
import { words } from './words.js'

type Overview = Results['manage.console.limit.list']

/** What is used of the budgets, the limits in force, and the addresses that are blocked. */
export default function LimitsPage() {
  const text = useTexts(words)
  const { may } = useSession()
  const { load, again } = useLoad('limits', () => call('manage.console.limit.list'))
  return (
    <Stack>
      <Title order={2} size="h3">
        {text.limits}
      </Title>
      <Loaded load={load} again={again}>
        {({ budgets, limits, busiest }) => (
          <>
            <Budgets budgets={budgets} />
            {may('manage.console.ipBlock.list') && <Blocks />}
            <div className="sections">
              <Busiest callers={busiest} />
              <Section title={text.inForce}>
                <Text size="sm">{text.changeHint}</Text>
                <WideTable
                  label={text.inForce}
                  heads={[text.limit, text.times, text.within]}
                  rows={limits.map(({ name, points, seconds }) => [
                    name,
                    shown(points),
                    spanOf(seconds, text),
                  ])}
                />
              </Section>
            </div>
          </>
        )}
      </Loaded>
    </Stack>
  )
}

const units = { days: 86_400, inHours: 3600, minutes: 60 } as const

/** `1 h`: in the largest unit of which it is whole. */
function spanOf(seconds: number, text: Readonly<Record<keyof typeof units | 'seconds', string>>): string {
  for (const unit of ['days', 'inHours', 'minutes'] as const)
    if (seconds >= units[unit] && seconds % units[unit] === 0) return `${seconds / units[unit]} ${text[unit]}`
  return `${seconds} ${text.seconds}`
}

function Budgets({ budgets }: { readonly budgets: Overview['budgets'] }) {
  const text = useTexts(words)
  return (
    <Section title={text.budgets}>
      <WideTable
        label={text.budgets}
        heads={[text.channel, text.used, text.left, text.perDay, text.reserved, text.resets]}
        rows={budgets.map(({ channel, per_day, reserved, used, left, resets_at }) => [
          text[channel],
          <Stack key="used" gap={4}>
            {shown(used)}
            <Progress value={(100 * used) / per_day} aria-label={`${text.used}: ${text[channel]}`} />
          </Stack>,
          shown(left),
          shown(per_day),
          shown(reserved),
          formatMoment(resets_at),
        ])}
      />
    </Section>
  )
}

function Busiest({ callers }: { readonly callers: Overview['busiest'] }) {
  const text = useTexts(words)
  return (
    <Section title={text.busiest}>
      {callers.length === 0 ? (
        <Text role="status">{text.nobodyBusy}</Text>
      ) : (
        <WideTable
          label={text.busiest}
          heads={[text.who, text.limit, text.used, text.resets]}
          rows={callers.map(({ limit, who, used, points, resets_at }) => [
            who,
            limit,
            `${shown(used)} / ${shown(points)}`,
            formatMoment(resets_at),
          ])}
        />
      )}
    </Section>
  )
}
