import { Progress, Stack, Text, Title } from '@mantine/core'
import { WideTable } from '../../reference/wide-table.js'
import { useTexts } from '../../words.js'
import { ask } from '../access/ask.js'
import { useSession } from '../session.js'
import { Loaded } from '../users/loaded.js'
import { Section } from '../users/section.js'
import { useTime } from '../users/times.js'
import { useLoad } from '../users/use-load.js'
import { Blocks } from './blocks.js'
import { words } from './words.js'

interface Overview {
  readonly budgets: readonly Budget[]
  readonly limits: readonly { readonly name: string; readonly points: number; readonly seconds: number }[]
  readonly busiest: readonly BusyCaller[]
}

interface Budget {
  readonly channel: 'sms' | 'mail'
  readonly per_day: number
  readonly reserved: number
  readonly used: number
  readonly left: number
  /** Milliseconds; 0: nothing is used. */
  readonly resets_at: number
}

interface BusyCaller {
  readonly limit: string
  readonly who: string
  readonly used: number
  readonly points: number
  readonly resets_at: number
}

/** What is used of the budgets, the limits in force, and the addresses that are blocked. */
export default function LimitsPage() {
  const text = useTexts(words)
  const { may } = useSession()
  const { load, again } = useLoad('limits', () => ask<Overview>('manage.console.limit.list'))
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
                    points,
                    `${seconds} ${text.seconds}`,
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

function Budgets({ budgets }: { readonly budgets: readonly Budget[] }) {
  const text = useTexts(words)
  const time = useTime()
  return (
    <Section title={text.budgets}>
      <WideTable
        label={text.budgets}
        heads={[text.channel, text.used, text.left, text.perDay, text.reserved, text.resets]}
        rows={budgets.map(({ channel, per_day, reserved, used, left, resets_at }) => [
          text[channel],
          <Stack key="used" gap={4}>
            {used}
            <Progress value={(100 * used) / per_day} aria-label={`${text.used}: ${text[channel]}`} />
          </Stack>,
          left,
          per_day,
          reserved,
          time(resets_at),
        ])}
      />
    </Section>
  )
}

function Busiest({ callers }: { readonly callers: readonly BusyCaller[] }) {
  const text = useTexts(words)
  const time = useTime()
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
            `${used} / ${points}`,
            time(resets_at),
          ])}
        />
      )}
    </Section>
  )
}
