import { countUses, lockUsage, readUsage, saveUsage, type UsageLimitRow } from '../../../db/usage-limits.js'
import { clockTolerance, isWithinReach } from '../../../gateway/services/clock.js'
import { GatewayError } from '../../../gateway/outcome/errors.js'
import type { Services } from '../../../gateway/services/services.js'

/** At most `points` within `seconds` of the first; exact on all nodes, as the database's row decides. */
export interface UsageLimit {
  readonly name: string
  readonly points: number
  readonly seconds: number
  /** Who uses it holds another lock before, so that no row has to be made to be locked. */
  readonly isGuarded?: true
  /** Calls of everybody use it: it is locked last, so that none who waits for a row of its own makes others wait. */
  readonly isEverybodys?: true
}

export type UsageServices = Pick<Services, 'db' | 'clock'>

/** Those of the limits that are not used up, without making or locking a row. */
export async function listFree(
  { db, clock }: UsageServices,
  limits: readonly UsageLimit[],
): Promise<UsageLimit[]> {
  const now = clock.now()
  const rows = await readUsage(db, namesOf(limits))
  return limits.filter((limit) => currentWindow(rows.get(limit.name), limit, now).used < limit.points)
}

/** How much of each limit is used now, and until when (ms; 0 while no window is open), without making or locking a row. */
export async function readUse(
  { db, clock }: UsageServices,
  limits: readonly UsageLimit[],
): Promise<(UsageLimit & { readonly used: number; readonly resetsAt: number })[]> {
  const now = clock.now()
  const rows = await readUsage(db, namesOf(limits))
  return limits.map((limit) => {
    const row = rows.get(limit.name)
    return row && isLive(row, limit, now)
      ? { ...limit, used: row.used, resetsAt: row.resets_at }
      : { ...limit, used: 0, resetsAt: 0 }
  })
}

/** Whether one of the limits is used up, without making or locking a row. */
export async function areExhausted(services: UsageServices, limits: readonly UsageLimit[]): Promise<boolean> {
  return (await listFree(services, limits)).length < limits.length
}

/**
 * Uses each limit once, in the caller's transaction, and tells how much of each is used by now. Throws TOO_MANY_REQUESTS,
 * which rolls it back, so that none is used.
 */
export async function spendLimits(
  { db, clock }: UsageServices,
  limits: readonly UsageLimit[],
): Promise<readonly UsageLimitRow[]> {
  const now = clock.now()
  const uses = limits
    .toSorted(byLockOrder)
    .map(({ name, seconds }) => ({ name, resets_at: now + seconds * 1000 }))
  const used = await countUses(db, uses, { now, tolerance: clockTolerance })
  const points = new Map(limits.map((limit) => [limit.name, limit.points]))
  const full = used.filter((row) => row.used > (points.get(row.name) ?? 0)).map(({ resets_at }) => resets_at)
  if (full.length === 0) return used
  throw tooMany(Math.max(...full) - now)
}

/** The same for all, so that two who want the same rows hardly ever wait for each other. */
function byLockOrder(one: UsageLimit, other: UsageLimit): number {
  const rank = ({ isEverybodys }: UsageLimit) => (isEverybodys ? 1 : 0)
  return rank(one) - rank(other) || (one.name < other.name ? -1 : 1)
}

/** Gives back one use of each limit whose window is still the same. */
export async function giveBackLimits(
  { db, clock }: UsageServices,
  limits: readonly UsageLimit[],
): Promise<void> {
  const now = clock.now()
  const rows = await lockUsage(db, namesOf(limits))
  const live = limits.flatMap((limit) => {
    const row = rows.get(limit.name)
    return row && isLive(row, limit, now) && row.used > 0 ? [row] : []
  })
  await saveUsage(
    db,
    live.map((row) => ({ ...row, used: row.used - 1 })),
  )
}

export function tooMany(wait: number): GatewayError {
  return new GatewayError('TOO_MANY_REQUESTS', { retryAfter: Math.max(1, Math.ceil(wait / 1000)) })
}

export function namesOf(limits: readonly UsageLimit[]): string[] {
  return limits.map(({ name }) => name)
}

export function currentWindow(row: UsageLimitRow | undefined, limit: UsageLimit, now: number): UsageLimitRow {
  const { name, seconds } = limit
  return row && isLive(row, limit, now) ? row : { name, used: 0, resets_at: now + seconds * 1000 }
}

function isLive({ resets_at }: UsageLimitRow, { seconds }: UsageLimit, now: number): boolean {
  return resets_at > now && isWithinReach(resets_at, now, seconds * 1000)
}
