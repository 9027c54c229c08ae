import { setTimeout as sleep } from 'node:timers/promises'
import type { Knex } from 'knex'
import {
  expireWechatToken,
  findWechatToken,
  insertEmptyWechatToken,
  leaseWechatToken,
  releaseWechatToken,
  storeWechatToken,
  type WechatTokenKey,
  type WechatTokenRow,
} from '../../../db/wechat-tokens.js'
import type { Clock } from '../clock.js'
import type { Log } from '../telemetry/log.js'
import type { Vault } from '../vault.js'
import { wechatFailure, type WechatWay } from './client.js'

/** A token of an application's that all nodes share, and one of them renews before it runs out. */
export interface SharedToken {
  /** Throws WECHAT_FAILED when there is none and none can be had. */
  read(): Promise<string>
  /** What WeChat lends now, or lent in the last 60 s: who asks at the same time shares it. Throws as `read`. */
  renew(): Promise<string>
  /** Makes this very token, which WeChat has refused, unused on every node; a newer one stays. */
  discard(token: string): Promise<void>
}

/** What WeChat lends. */
export interface LentToken {
  readonly value: string
  /** How long it is good for. */
  readonly seconds: number
}

export interface TokenParts {
  readonly db: Knex
  readonly vault: Vault
  readonly clock: Clock
  readonly log: Log
}

interface TokenSource {
  readonly way: WechatWay
  readonly key: WechatTokenKey
  /** Asks WeChat for one. */
  fetch(): Promise<LentToken>
}

/** A token is renewed so long before it runs out, and works on for that time. Milliseconds, like all below. */
const margin = 5 * 60_000
/** A short-lived token is renewed when this share of its life is left. */
const marginShare = 1 / 4
/** How long a process trusts what it has read. */
const memory = 5000
/** The same of a token that is about to run out. */
const shortMemory = 1000
/**
 * Longer than a turn can take, so that only a node that died loses its own. A ticket's takes longest: twice 14.2 s for an
 * access token (waiting for it, then asking for it) and twice 6.2 s for the ticket.
 */
const lease = 45_000
/** How long others wait for the node that asks, and how often they look. */
const patience = 8000
const lookEvery = 100
/** After WeChat gave none, how long nobody asks again. The old one is used meanwhile, if it is still good. */
const pause = 10_000
/** How long ago WeChat may have been asked for a token that passes for a new one. */
const newest = 60_000
/** How far a token may be from the future, as nodes' clocks differ. */
const skew = 1000

interface Found {
  readonly row: WechatTokenRow
  readonly value: string
}

/** What is asked for. */
interface Wish {
  /** Whether a token will do. */
  isMetBy(row: WechatTokenRow, now: number): boolean
  /** Whether one that is about to run out will do too while no other can be had. */
  readonly takesOld: boolean
}

const aGoodOne: Wish = { isMetBy: (row, now) => now < renewalTime(row), takesOld: true }
const aNewOne: Wish = {
  isMetBy: ({ expires_at, fetched_at }, now) =>
    now < Math.min(expires_at, fetched_at + newest) && fetched_at <= now + skew,
  takesOld: false,
}

function renewalTime({ expires_at, fetched_at }: WechatTokenRow): number {
  return expires_at - Math.min(margin, Math.max(0, expires_at - fetched_at) * marginShare)
}

function trustedUntil(row: WechatTokenRow, now: number): number {
  const renewal = renewalTime(row)
  return now < renewal ? Math.min(now + memory, renewal) : Math.min(now + shortMemory, row.expires_at)
}

export function createSharedToken(source: TokenSource, parts: TokenParts): SharedToken {
  const { db, clock, log } = parts
  let known: { readonly value: string; readonly until: number } | undefined
  let reading: Promise<string> | undefined
  let renewing: Promise<string> | undefined
  let discarded = ''

  const obtain = async (wish: Wish): Promise<string> => {
    const before = discarded
    const { row, value } = await obtainToken(source, parts, wish)
    // A token that was read before a discard may be the discarded one.
    if (discarded === before) known = { value, until: trustedUntil(row, clock.now()) }
    return value
  }
  return {
    async read() {
      if (known !== undefined && clock.now() < known.until) return known.value
      const mine = (reading ??= obtain(aGoodOne))
      try {
        return await mine
      } finally {
        if (reading === mine) reading = undefined
      }
    },
    async renew() {
      renewing ??= obtain(aNewOne).finally(() => (renewing = undefined))
      return renewing
    },
    async discard(token) {
      const { row, value } = await readToken(source, parts)
      if (value === token && (await expireWechatToken(db, row)))
        // Where this is frequent, somebody has WeChat replace tokens of the same application by force.
        log.warn({ provider: source.way, detail: source.key.kind }, 'WeChat took a token back early')
      if (discarded === token) return
      discarded = token
      known = undefined
      reading = undefined
    },
  }
}

/** The token that is there, one that this node asks for, or one that it waits for while another node asks. */
async function obtainToken(source: TokenSource, parts: TokenParts, wish: Wish): Promise<Found> {
  const { db, clock } = parts
  for (let waited = 0; waited <= patience; waited += lookEvery) {
    const { row, value } = await readToken(source, parts)
    const now = clock.now()
    if (value !== undefined && wish.isMetBy(row, now)) return { row, value }
    const old = value !== undefined && wish.takesOld && now < row.expires_at ? { row, value } : undefined
    if (now < row.retry_at && old === undefined) break
    const until = now + lease
    if (await leaseWechatToken(db, row, { now, until })) return fetchToken(source, parts, { row, until, old })
    if (old !== undefined) return old
    await sleep(lookEvery)
  }
  throw wechatFailure(source.way, `no ${source.key.kind} token`)
}

async function readToken(
  { key }: TokenSource,
  { db, vault }: TokenParts,
): Promise<{ row: WechatTokenRow; value: string | undefined }> {
  const row = await findWechatToken(db, key)
  if (row !== undefined) return { row, value: vault.open('wechat-token', row.sealed_value) }
  await insertEmptyWechatToken(db, key)
  return {
    row: { ...key, sealed_value: '', expires_at: 0, refreshing_until: 0, retry_at: 0, fetched_at: 0 },
    value: undefined,
  }
}

/** Asks WeChat, in this node's turn; who takes the old one gets that when WeChat gives none. */
async function fetchToken(
  source: TokenSource,
  { db, vault, clock, log }: TokenParts,
  { row, until, old }: { row: WechatTokenRow; until: number; old: Found | undefined },
): Promise<Found> {
  const { key, way } = source
  const fetchedAt = clock.now()
  try {
    const { value, seconds } = await source.fetch()
    const isNew = vault.open('wechat-token', row.sealed_value) !== value
    const fresh = {
      ...key,
      sealed_value: vault.seal('wechat-token', value),
      expires_at: fetchedAt + seconds * 1000,
      fetched_at: fetchedAt,
    }
    if ((await storeWechatToken(db, fresh, until)) && isNew)
      log.info({ provider: way, detail: key.kind }, 'WeChat lent a new token')
    return { row: { ...row, ...fresh }, value }
  } catch (error) {
    await releaseWechatToken(db, key, { leasedUntil: until, retryAt: clock.now() + pause })
    if (old === undefined) throw error
    return old
  }
}
