import { lockUsage, saveUsage, type UsageLimitRow } from '../../../db/usage-limits.js'
import { currentWindow, namesOf, type UsageLimit, type UsageServices } from './usage.js'

/** The limits' rows, locked until the transaction ends; rows whose window is over count as unused. */
export interface LockedUsage {
  /** The limit that is used up and resets last, if any. */
  readonly exhausted: { readonly resetsAt: number } | undefined
  /** Uses each limit once; how much of each is used by now. */
  spend(): Promise<readonly UsageLimitRow[]>
}

/** Locks the limits' rows in the caller's transaction, and counts windows from now. */
export async function lockLimits(
  { db, clock }: UsageServices,
  limits: readonly UsageLimit[],
): Promise<LockedUsage> {
  const now = clock.now()
  const needed = limits.filter(({ isGuarded }) => !isGuarded)
  const rows = await lockUsage(db, namesOf(limits), namesOf(needed))
  const current = limits.map((limit) => ({ limit, row: currentWindow(rows.get(limit.name), limit, now) }))
  const full = current.filter(({ limit, row }) => row.used >= limit.points).map(({ row }) => row.resets_at)
  return {
    exhausted: full.length === 0 ? undefined : { resetsAt: Math.max(...full) },
    async spend() {
      const used = current.map(({ row }) => ({ ...row, used: row.used + 1 }))
      await saveUsage(db, used)
      return used
    },
  }
}
