import { readUsage, type UsageLimitRow } from '../../../db/usage-limits.js'
import type { Services } from '../../../gateway/services/services.js'
import { currentWindow, namesOf, tooMany, type UsageLimit, type UsageServices } from './usage.js'

/**
 * Throws TOO_MANY_REQUESTS if one of the limits is used up, as their rows are now, without making or locking one: asked
 * after they could not be locked in time, as that is then why, and not the database.
 */
export async function refuseExhausted(
  { db, clock, fullLimits }: UsageServices & Pick<Services, 'fullLimits'>,
  limits: readonly UsageLimit[],
): Promise<void> {
  const now = clock.now()
  const rows = await readUsage(db, namesOf(limits))
  const current = limits.map((limit) => currentWindow(rows.get(limit.name), limit, now))
  noteFull({ fullLimits }, limits, current)
  const full = current.filter(({ used }, at) => used >= (limits[at]?.points ?? 0))
  if (full.length > 0) throw tooMany(Math.max(...full.map(({ resets_at }) => resets_at)) - now)
}

/**
 * As `refuseExhausted`, where this node saw one of the limits used up: asked before they are spent, so that whoever is
 * refused again and again keeps nobody waiting.
 */
export async function refuseKnownFull(
  services: UsageServices & Pick<Services, 'fullLimits'>,
  limits: readonly UsageLimit[],
): Promise<void> {
  if (services.fullLimits.hasAny(namesOf(limits))) await refuseExhausted(services, limits)
}

/** Remembers which of the limits are used up, as their rows are now, and which are not. */
export function noteFull(
  { fullLimits }: Pick<Services, 'fullLimits'>,
  limits: readonly UsageLimit[],
  rows: readonly UsageLimitRow[],
): void {
  const points = new Map(limits.map((limit) => [limit.name, limit.points]))
  for (const { name, used, resets_at } of rows)
    if (used >= (points.get(name) ?? Infinity)) fullLimits.note(name, resets_at)
    else fullLimits.forget(name)
}
