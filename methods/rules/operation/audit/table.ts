import type { AuditEntryRow } from '../../../../db/audit-entries.js'

const columns = [
  'audit_id',
  'happened_at',
  'action',
  'outcome',
  'actor_id',
  'actor',
  'target_id',
  'ip',
  'request_id',
  'detail',
] as const satisfies readonly (keyof AuditEntryRow)[]

/**
 * Entries as CSV (RFC 4180), with times in UTC, and a mark at its start by which spreadsheets know UTF-8. Users write
 * some of it, such as the name they sign in by: what a spreadsheet would take for a formula begins with an apostrophe.
 */
export function writeAuditTable(entries: readonly AuditEntryRow[]): string {
  const rows = entries.map((entry) =>
    columns.map((column) =>
      column === 'happened_at' ? new Date(entry.happened_at).toISOString() : String(entry[column]),
    ),
  )
  return `\uFEFF${[columns, ...rows].map((cells) => `${cells.map(writeCell).join(',')}\r\n`).join('')}`
}

/** Spreadsheets take full-width signs and what stands behind a blank for the start of a formula too. */
function writeCell(text: string): string {
  const safe = /^[\s\p{Cc}]*[=+\-@＝＋－＠|%]|^[\t\r\n]/u.test(text) ? `'${text}` : text
  return /[",\r\n\t']/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}
