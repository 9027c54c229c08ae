import { Text, Title } from '@mantine/core'
import type { ReactNode } from 'react'
import { WideTable } from '../../wide-table.js'
import { useTexts } from '../../words.js'
import { formatMoment } from '../times.js'
import { percent, shown } from '../numbers.js'
import type { Dashboard, Period } from './dashboard.js'
import { words } from './words.js'

/** What the sums are made of, by method, error and country. */
export function PeriodTables({ period }: { readonly period: Period }) {
  const text = useTexts(words)
  const named = (counts: Period['errors_by_name']) => counts.map(({ name, count }) => [name, shown(count)])
  const countries = period.codes_by_country.map(({ country, sent, used }) => [
    country,
    shown(sent),
    shown(used),
    percent(used, sent),
  ])
  return (
    <div className="lists">
      <Listed title={text.methods} heads={[text.name, text.count]} rows={named(period.calls_by_method)} />
      <Listed title={text.errorNames} heads={[text.name, text.count]} rows={named(period.errors_by_name)} />
      <Listed
        title={text.countries}
        heads={[text.country, text.sent, text.used, text.conversion]}
        rows={countries}
      />
    </div>
  )
}

/** Each process, those first that somebody must look after. */
export function NodeTable({ nodes }: Pick<Dashboard, 'nodes'>) {
  const text = useTexts(words)
  const rows = nodes.map((node) => [
    node.name,
    node.state === 'live' ? text.live : <strong key="state">{text[node.state]}</strong>,
    node.version,
    formatMoment(node.started_at),
    formatMoment(node.seen_at),
    `${Math.round(node.memory / 1e6)} MB`,
    `${node.lag} ms`,
  ])
  const heads = [text.node, text.state, text.version, text.started, text.seen, text.memory, text.lag]
  return <Listed title={text.nodes} heads={heads} rows={rows} />
}

interface ListedProps {
  readonly title: string
  /** What stands in place of no rows. */
  readonly none?: string
  readonly heads: readonly string[]
  readonly rows: readonly (readonly ReactNode[])[]
}

export function Listed({ title, none, heads, rows }: ListedProps) {
  const text = useTexts(words)
  return (
    <section className="whole">
      <Title order={3} size="h5">
        {title}
      </Title>
      {rows.length === 0 ? (
        <Text c="dimmed">{none ?? text.none}</Text>
      ) : (
        <WideTable label={title} heads={heads} rows={rows} />
      )}
    </section>
  )
}
