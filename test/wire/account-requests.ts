import { type DocumentedOperation, type Sending, toCamel, toSnake } from './account-document.js'
import type { Scenario } from './account-scenarios.js'

/** What is sent for a scenario: every documented parameter, spelled and placed as asked for. */
export function requestOf(
  { verb, path, params }: DocumentedOperation,
  { values, token, undocumented }: Scenario,
  { place, spelling }: Sending,
): [string, RequestInit] {
  const spell = spelling === 'camelCase' ? toCamel : toSnake
  const sent = new URLSearchParams(undocumented)
  for (const { name } of params) sent.append(spell(name), values[name] ?? '')
  if (token !== undefined) sent.set('perm_key', token)
  if (place === 'form') return [path, { method: verb, body: sent }]
  return [`${path}?${sent.toString()}`, { method: verb }]
}
