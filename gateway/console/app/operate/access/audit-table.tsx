import { Button } from '@mantine/core'
import { WideTable } from '../../wide-table.js'
import { useTexts } from '../../words.js'
import type { Results } from '../calls.js'
import { UserLink } from '../links.js'
import { formatMoment } from '../times.js'
import type { SearchFields } from './audit-search.js'
import { words } from './words.js'

type AuditEntry = Results['manage.console.audit.list']['items'][number]

interface Props {
  readonly entries: readonly AuditEntry[]
  /** Called to show what one user did or suffered, or what one request did. */
  readonly onFollow: (part: Partial<SearchFields>) => void
}

export function AuditTable({ entries, onFollow }: Props) {
  const text = useTexts(words)
  const follow = (what: string, shown: string, part: Partial<SearchFields>) => (
    <Button
      key={what}
      size="compact-xs"
      variant="default"
      className="follow"
      aria-label={`${text.follow}: ${what}`}
      onClick={() => onFollow(part)}
    >
      {shown}
    </Button>
  )
  const user = (id: number) => (
    <span key="user" className="followed">
      <UserLink id={id} /> {follow(String(id), text.only, { user: String(id) })}
    </span>
  )
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
    formatMoment(entry.happened_at),
    entry.action,
    entry.outcome,
    <span key="actor">
      {entry.actor} {entry.actor_id !== 0 && user(entry.actor_id)}
    </span>,
    entry.target_id === 0 ? '–' : user(entry.target_id),
    entry.ip || '–',
    entry.detail,
    entry.request_id === ''
      ? '–'
      : follow(entry.request_id, entry.request_id, { request_id: entry.request_id }),
  ])
  return <WideTable label={text.audit} heads={heads} rows={rows} />
}
