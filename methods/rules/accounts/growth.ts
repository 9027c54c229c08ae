import { findSettings } from '../../../db/settings.js'
import { listUserLevels } from '../../../db/user-levels.js'
import {
  addToBalances,
  type Gain,
  insertExpHistory,
  insertPointsHistory,
} from '../../../db/user-resources.js'
import { findUserInfo, updateLevel } from '../../../db/users.js'
import { formatTime } from '../../../gateway/wire/time.js'
import type { Services } from '../../../gateway/services/services.js'
import { growthSettings } from '../settings/own-keys.js'

/** Why points or experience were given (account.md §8): 1 registration, 2 sign-in. The texts are the old shop's. */
const reasons = {
  registration: { type: 1, text: '用户注册' },
  signIn: { type: 2, text: '登录' },
} as const

/** Why a user is given something. */
export type GrowthReason = keyof typeof reasons

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
}

/**
 * Gives a user, in the caller's transaction, what the operator grants for some reasons: points and experience with rows
 * in their histories, and the level that the experience reaches.
 */
export async function reward(
  services: Pick<Services, 'db' | 'clock' | 'config'>,
  { userId, reasons, settings }: Rewarding,
): Promise<void> {
  const { db, clock, config } = services
  const known = settings ?? (await findSettings(db, growthKeys))
  const gains = reasons.map((reason) => ({ reason, ...gainOf(reason, known) }))
  const sum = (unit: keyof Gain) => gains.reduce((total, gain) => total + gain[unit], 0)
  const after = await addToBalances(db, userId, { points: sum('points'), exp: sum('exp') })
  const at = clock.now()
  const given = { gains, after, userId, at, date: formatTime(at, config.timeZone).slice(0, 10) }
  await insertPointsHistory(db, pointsHistory(given))
  await insertExpHistory(db, expHistory(given))
  if (sum('exp') > 0) await raiseLevel(services, userId, after.exp)
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

interface Given {
  readonly gains: readonly (Gain & { readonly reason: GrowthReason })[]
  /** The balances with all of them. */
  readonly after: Gain
  readonly userId: number
  readonly at: number
  readonly date: string
}

function pointsHistory({ gains, after, userId, at, date }: Given) {
  return balancesAlong(gains, after, 'points').map(({ reason, gain, balance }) => ({
    points_kind_id: 1 as const,
    points_type_id: reasons[reason].type,
    user_id: userId,
    points_log_points: gain,
    user_points: balance + gain,
    points_log_time: at,
    points_log_desc: `注册赠送积分 ${gain}`,
    store_id: 0,
    points_log_date: date,
  }))
}

function expHistory({ gains, after, userId, at, date }: Given) {
  return balancesAlong(gains, after, 'exp').map(({ reason, gain, balance }) => ({
    exp_kind_id: 1 as const,
    exp_type_id: reasons[reason].type,
    user_id: userId,
    exp_log_value: gain,
    user_exp: balance,
    exp_log_time: at,
    exp_log_desc: reasons[reason].text,
    store_id: 0,
    exp_log_date: date,
  }))
}

/** What was gained of a unit, each with the balance before it. */
function balancesAlong(gains: Given['gains'], after: Gain, unit: keyof Gain) {
  let balance = after[unit] - gains.reduce((total, gain) => total + gain[unit], 0)
  return gains.flatMap((given) => {
    const { reason, [unit]: gain } = given
    if (gain === 0) return []
    balance += gain
    return { reason, gain, balance: balance - gain }
  })
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
  const reached = (await listUserLevels(db))
    .filter(({ user_level_exp: needed }) => needed > 0 && exp >= needed)
    .toSorted((left, right) => right.user_level_exp - left.user_level_exp)[0]
  if (!reached) return
  const own = (await findUserInfo(db, userId))?.user_level_id ?? 0
  if (reached.user_level_id > own) await updateLevel(db, userId, reached.user_level_id)
}
