import { randomInt } from 'node:crypto'
import { listUsage, type UsageLimitRow } from '../../../db/usage-limits.js'
import { isError } from '../../../gateway/outcome/errors.js'
import type { Services } from '../../../gateway/services/services.js'
import { listFree, type UsageLimit } from './usage.js'

/** Which messages of a day are meant; strangers can't use the reserve of CODE_RESERVE. */
export interface DayBudget {
  readonly channel: 'sms' | 'mail'
  readonly whose: 'everybody' | 'strangers'
}

/**
 * CODE_PER_DAY is counted in shares, each a row of its own: a send holds its row until it is committed, and with one
 * row for all each would wait for the commit of the one before. Small budgets are not cut up.
 */
const mostShares = 64
const leastOfShare = 100
const daySeconds = 86_400

/**
 * Does what spends one message of the day, with the share to spend it from: another one is tried as long as any has
 * something left, so that all of CODE_PER_DAY can be used, and never more. Throws TOO_MANY_REQUESTS.
 */
export async function spendOfDay<Result>(
  services: Pick<Services, 'db' | 'clock' | 'config'>,
  budget: DayBudget,
  spend: (share: UsageLimit) => Promise<Result>,
): Promise<Result> {
  const count = countShares(services.config)
  let share = shareOf(services.config, budget, randomInt(count))
  for (let triesLeft = 2 * mostShares; ; triesLeft--) {
    try {
      return await spend(share)
    } catch (error) {
      if (!isError(error, 'TOO_MANY_REQUESTS') || triesLeft === 0) throw error
      const shares = Array.from({ length: count }, (_, at) => shareOf(services.config, budget, at))
      const free = await listFree(services, shares)
      const other = free[randomInt(free.length || 1)]
      // Nothing is left, or it was another limit that refused.
      if (!other || free.some(({ name }) => name === share.name)) throw error
      share = other
    }
  }
}

/**
 * How many messages of a channel's day are used, by whomever, as the database counts them now, and when the first of
 * them stop counting (ms; 0 where none is used).
 */
export async function readSpentOfDay(
  { db, clock }: Pick<Services, 'db' | 'clock'>,
  channel: DayBudget['channel'],
): Promise<{ readonly used: number; readonly resetsAt: number }> {
  const shares = await listUsage(db, sharePrefix(channel))
  const live = shares.filter(({ resets_at, used }) => resets_at > clock.now() && used > 0)
  return {
    used: live.reduce((sum, { used }) => sum + used, 0),
    resetsAt: live.length === 0 ? 0 : Math.min(...live.map(({ resets_at }) => resets_at)),
  }
}

/** The rows among these that count messages of the day, by their channel. */
export function shareIn(
  spent: readonly UsageLimitRow[],
  channel: DayBudget['channel'],
): UsageLimitRow | undefined {
  return spent.find(({ name }) => name.startsWith(sharePrefix(channel)))
}

function countShares({ codes }: Services['config']): number {
  return Math.min(mostShares, Math.max(1, Math.floor(codes.perDay / leastOfShare)))
}

function shareOf(config: Services['config'], { channel, whose }: DayBudget, at: number): UsageLimit {
  const reserve = whose === 'strangers' ? reservedOf(config) : 0
  return {
    name: `${sharePrefix(channel)}${at}`,
    points: partOf(config.codes.perDay - reserve, countShares(config), at),
    seconds: daySeconds,
    isEverybodys: true,
  }
}

/** How many of the day's messages strangers can't use. */
export function reservedOf({ codes }: Pick<Services['config'], 'codes'>): number {
  return Math.floor(codes.perDay * codes.reserve)
}

/** Of a whole that is cut into parts that differ by one at most, the part at a place. */
function partOf(whole: number, count: number, at: number): number {
  return Math.floor(whole / count) + (at < whole % count ? 1 : 0)
}

/** What the names of the rows begin with that count a channel's messages of the day. */
function sharePrefix(channel: DayBudget['channel']): string {
  return `all-day:${channel}:`
}
