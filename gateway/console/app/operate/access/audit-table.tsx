import { Button } from '@mantine/core'
import { WideTable } from '../../reference/wide-table.js'
import { useTexts } from '../../words.js'
import { useTime } from '../users/times.js'
import type { SearchFields } from './audit-search.js'
import { words } from './words.js'

/** An entry, as `manage.console.audit.list` shows it. */
export interface AuditEntry {
  readonly audit_id: number
  /** Milliseconds. */
  readonly happened_at: number
  readonly action: string
  readonly outcome: string
  readonly actor_id: number
  readonly actor: string
  readonly target_id: number
  readonly ip: string
  readonly request_id: string
  readonly detail: string
}

interface Props {
  readonly entries: readonly AuditEntry[]
  /** Called to show what one user did or suffered, or what one request did. */
  readonly onFollow: (part: Partial<SearchFields>) => void
}

export function AuditTable({ entries, onFollow }: Props) {
  const text = useTexts(words)
  const time = useTime()
  const follow = (shown: string, part: Partial<SearchFields>) => (
    <Button
      key={shown}
      size="compact-xs"
      variant="default"
      className="follow"
      aria-label={`${text.follow}: ${shown}`}
      onClick={() => onFollow(part)}
    >
      {shown}
    </Button>
  )
  const user = (id: number) => (id === 0 ? '–' : follow(String(id), { user: String(id) }))
  const heads = [
    text.time,
    text.action,
    text.outcome,
    text.actor,
    text.target,
    text.ip,
    text.detail,
    text.request,
  ]
  const rows = entries.map((entry) => [
    time(entry.happened_at),
    entry.action,
    entry.outcome,
    <span key="actor">
      {entry.actor} {entry.actor_id !== 0 && user(entry.actor_id)}
    </span>,
    user(entry.target_id),
    entry.ip || '–',
    entry.detail,
    entry.request_id === '' ? '–' : follow(entry.request_id, { request_id: entry.request_id }),
  ])
  return <WideTable label={text.audit} heads={heads} rows={rows} />
}
