import { findSettings } from '../../../db/settings.js'
import { findReachedLevel } from '../../../db/user-levels.js'
import {
  addToBalances,
  type Gain,
  insertExpHistory,
  insertPointsHistory,
  startBalances,
} from '../../../db/user-resources.js'
import { updateLevel } from '../../../db/user-info.js'
import { formatTime } from '../../../gateway/wire/time.js'
import type { Services } from '../../../gateway/services/services.js'
import { growthSettings } from '../settings/own-keys.js'
import { expHistory, type GrowthReason, pointsHistory } from '../profiles/growth-histories.js'

/** What is given until the operator configures it. */
const defaults = {
  points_reg: growthSettings.points_reg.default,
  exp_reg: growthSettings.exp_reg.default,
  exp_login: growthSettings.exp_login.default,
}

/** The settings that say what is given. */
export const growthKeys: readonly string[] = Object.keys(defaults)

interface Rewarding {
  readonly userId: number
  /** One after the other. */
  readonly reasons: readonly GrowthReason[]
  /** The values of `growthKeys`, where the caller has read them. */
  readonly settings?: ReadonlyMap<string, string>
  /** Whether the caller's transaction has made the user. */
  readonly isNew?: true
}

/**
 * Gives a user, in the caller's transaction, what the operator grants for some reasons: points and experience with rows
 * in their histories, and the level that the experience reaches.
 */
export async function reward(
  services: Pick<Services, 'db' | 'clock' | 'config'>,
  { userId, reasons, settings, isNew }: Rewarding,
): Promise<void> {
  const { db, clock, config } = services
  const known = settings ?? (await findSettings(db, growthKeys))
  const gains = reasons.map((reason) => ({ reason, ...gainOf(reason, known) }))
  const sum = (unit: keyof Gain) => gains.reduce((total, gain) => total + gain[unit], 0)
  const gain = { points: sum('points'), exp: sum('exp') }
  const after = await (isNew ? startBalances : addToBalances)(db, userId, gain)
  const at = clock.now()
  const given = { gains, after, userId, at, date: formatTime(at, config.timeZone).slice(0, 10) }
  await insertPointsHistory(db, pointsHistory(given))
  await insertExpHistory(db, expHistory(given))
  if (gain.exp > 0) await raiseLevel(services, userId, after.exp)
}

function gainOf(reason: GrowthReason, settings: ReadonlyMap<string, string>): Gain {
  const given = { ...defaults, ...Object.fromEntries(settings) }
  const exp = reason === 'registration' ? given.exp_reg : given.exp_login
  return {
    points: reason === 'registration' ? amount(given.points_reg) : 0,
    // Experience is counted in whole numbers.
    exp: Math.floor(amount(exp)),
  }
}

/** A setting as a number; what the operator left unreadable, or too large for a balance, gives nothing. */
function amount(setting: string): number {
  return /^\d{1,7}(\.\d{1,6})?$/.test(setting.trim()) ? Number(setting) : 0
}

/**
 * Raises a user to the highest level whose experience is reached, if its number is above that of the user's own: as the
 * old shop does it (account-beside.md §6). Levels without experience are reached by spending.
 */
async function raiseLevel({ db }: Pick<Services, 'db'>, userId: number, exp: number): Promise<void> {
  const level = await findReachedLevel(db, userId, exp)
  if (level && level.reached > (level.own ?? 0)) await updateLevel(db, userId, level.reached)
}
