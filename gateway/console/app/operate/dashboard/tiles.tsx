import { Paper, Text } from '@mantine/core'
import { useTexts } from '../../words.js'
import { formatMoment } from '../times.js'
import { percent, shown } from '../numbers.js'
import type { Dashboard, Period } from './dashboard.js'
import { words } from './words.js'

interface Tile {
  readonly name: string
  readonly value: string
  readonly more: string
  readonly isBad?: boolean
}

/** What matters most, one number each. */
export function Tiles({ dashboard, period }: { readonly dashboard: Dashboard; readonly period: Period }) {
  const text = useTexts(words)
  const { deliveries, nodes, budgets } = dashboard
  const gone = nodes.filter(({ state }) => state === 'gone').length
  const left = (channel: string, name: string): Tile[] =>
    budgets
      .filter((budget) => budget.channel === channel)
      .map((budget) => ({
        name,
        value: shown(budget.left),
        more: `${text.of} ${shown(budget.of_day)}`,
        isBad: budget.left < budget.of_day / 5,
      }))
  const oldest =
    deliveries.due_since === null ? '' : ` · ${text.dueSince} ${formatMoment(deliveries.due_since)}`
  const tiles: readonly Tile[] = [
    { name: text.calls, value: shown(period.calls), more: '' },
    {
      name: text.errors,
      value: shown(period.errors),
      more: period.calls > 0 ? `${percent(period.errors, period.calls)} ${text.ofCalls}` : '',
    },
    {
      name: text.times,
      value: shown(period.p50),
      more: `${text.p99} ${shown(period.p99)}`,
    },
    {
      name: text.signIns,
      value: shown(period.sign_ins),
      more: `${shown(period.sign_ins_refused)} ${text.refused}`,
    },
    {
      name: text.codes,
      value: shown(period.codes_sent),
      more: `${shown(period.codes_used)} ${text.used}${period.codes_sent > 0 ? ` · ${percent(period.codes_used, period.codes_sent)}` : ''}`,
    },
    ...left('sms', text.budgetSms),
    ...left('mail', text.budgetMail),
    {
      name: text.deliveries,
      value: shown(deliveries.waiting),
      more: `${shown(deliveries.tried)} ${text.tried}${oldest}`,
    },
    {
      name: text.nodes,
      value: shown(nodes.filter(({ state }) => state === 'live').length),
      more: gone > 0 ? `${gone} ${text.gone}` : text.live,
      isBad: gone > 0,
    },
  ]
  return (
    <div className="tiles">
      {tiles.map(({ name, value, more, isBad }) => (
        <Paper key={name} withBorder p="sm" role="group" aria-label={name}>
          <Text size="sm" c="dimmed">
            {name}
          </Text>
          <Text fw={700} size="xl" {...(isBad ? { c: 'var(--mantine-color-error)' } : {})}>
            {value}
          </Text>
          <Text size="sm" c="dimmed">
            {more || ' '}
          </Text>
        </Paper>
      ))}
    </div>
  )
}
