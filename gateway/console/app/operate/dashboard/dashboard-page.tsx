import { Alert, Group, SegmentedControl, Stack, Text, Title } from '@mantine/core'
import { useCallback, useState } from 'react'
import { useTexts } from '../../words.js'
import { call } from '../calls.js'
import { Failed } from '../../reading/failed.js'
import { useSession } from '../session.js'
import { formatMinute, formatMoment } from '../times.js'
import { useRegularly } from '../../reading/use-regularly.js'
import { Waiting } from '../../reading/waiting.js'
import type { Period } from './dashboard.js'
import { PasswordForms } from './password-forms.js'
import { Plot } from './plot.js'
import { NodeTable, PeriodTables } from './tables.js'
import { Tiles } from './tiles.js'
import { words } from './words.js'

const milliseconds = 10_000

/** What all nodes did within the last hour or day. */
export default function DashboardPage() {
  const text = useTexts(words)
  const { may } = useSession()
  const [shownPeriod, setPeriod] = useState<'hour' | 'day'>('hour')
  const read = useCallback(
    (isBackground: boolean) => call('manage.console.dashboard.show', {}, { isBackground }),
    [],
  )
  const { data, failure, again } = useRegularly(read, milliseconds)
  if (!data)
    return failure === undefined ? <Waiting /> : <Failed title={text.failed} reason={failure} again={again} />
  const period = data[shownPeriod]
  return (
    <Stack>
      <Group justify="space-between">
        <Title order={2} size="h3">
          {text.title}
        </Title>
        <SegmentedControl
          aria-label={text.period}
          value={shownPeriod}
          onChange={(value) => setPeriod(value === 'day' ? 'day' : 'hour')}
          data={[
            { value: 'hour', label: text.hour },
            { value: 'day', label: text.day },
          ]}
        />
      </Group>
      <Text size="sm" c="dimmed">
        {text.asOf} {formatMoment(data.now)}
      </Text>
      {failure !== undefined && (
        <Alert color="yellow" role="alert" title={text.stale}>
          {failure}
        </Alert>
      )}
      {data.nodes.some(({ state }) => state === 'gone') && (
        <Alert color="red" role="alert">
          {text.goneHint}
        </Alert>
      )}
      <Tiles dashboard={data} period={period} />
      {period.calls === 0 ? <Text role="status">{text.noData}</Text> : <Plots period={period} />}
      {period.calls > 0 && <PeriodTables period={period} />}
      <NodeTable nodes={data.nodes} />
      {may('manage.console.dashboard.passwords') && <PasswordForms />}
    </Stack>
  )
}

function Plots({ period: { steps } }: { readonly period: Period }) {
  const text = useTexts(words)
  const times = steps.map(({ at }) => formatMinute(at))
  const line = (name: string, value: (step: Period['steps'][number]) => number | null) => ({
    name,
    values: steps.map(value),
  })
  const plots = {
    [text.calls]: [line(text.calls, ({ calls }) => calls), line(text.errors, ({ errors }) => errors)],
    [text.times]: [line(text.p50, ({ p50 }) => p50), line(text.p99, ({ p99 }) => p99)],
    [text.signIns]: [
      line(text.good, ({ sign_ins }) => sign_ins),
      line(text.refused, ({ sign_ins_refused }) => sign_ins_refused),
    ],
    [text.codes]: [
      line(text.sent, ({ codes_sent }) => codes_sent),
      line(text.used, ({ codes_used }) => codes_used),
    ],
  }
  return (
    <div className="plots">
      {Object.entries(plots).map(([title, lines]) => (
        <Plot key={title} title={title} times={times} lines={lines} />
      ))}
    </div>
  )
}
