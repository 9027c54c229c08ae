import type { Deprecation } from '../../schemas/contract-document.js'

/**
 * The headers that tell of a method on its way out, names and values in turn: `Deprecation` (RFC 9745), `Sunset`
 * (RFC 8594) and a `Link` to the method to call instead, by its path. Throws for what is no day.
 */
export function deprecationHeaders({ since, sunset, instead }: Deprecation): string[] {
  return [
    'Deprecation',
    `@${startOf(since) / 1000}`,
    ...(sunset === undefined ? [] : ['Sunset', new Date(startOf(sunset)).toUTCString()]),
    ...(instead === undefined ? [] : ['Link', `</gateway/${instead}>; rel="successor-version"`]),
  ]
}

/** When a day begins in UTC, in milliseconds. */
function startOf(day: string): number {
  const time = /^\d{4}-\d{2}-\d{2}$/.test(day) ? Date.parse(day) : NaN
  // 2027-02-30 is read as a day of March.
  if (Number.isNaN(time) || new Date(time).toISOString().slice(0, 10) !== day)
    throw new Error(`x-deprecated: ${day} is no day such as 2027-06-30`)
  return time
}
