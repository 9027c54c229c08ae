import type { IncomingMessage } from 'node:http'
import type { Config } from '../../../config/config.js'
import { isLoopback } from '../../../config/formats.js'

/**
 * The origin of our own page that a request names as its own; undefined for those of others, and for none, as browsers
 * send one with every POST. Ours is that of PUBLIC_URL, or the host that was asked: over https, or over http where
 * nobody is between (loopback) or nothing is at stake (not production).
 */
export function ownOriginOf(
  { headers }: Pick<IncomingMessage, 'headers'>,
  { publicUrl, environment }: Pick<Config, 'publicUrl' | 'environment'>,
): string | undefined {
  const { origin, host = '' } = headers
  if (origin === undefined || !URL.canParse(origin)) return undefined
  const site = headers['sec-fetch-site']
  if (site !== undefined && site !== 'same-origin') return undefined
  const { hostname } = new URL(origin)
  const mayBePlain = environment !== 'production' || isLoopback(hostname)
  const own = [
    new URL(publicUrl).origin,
    ...(host === '' ? [] : [`https://${host}`, ...(mayBePlain ? [`http://${host}`] : [])]),
  ]
  return own.includes(origin) ? origin : undefined
}
