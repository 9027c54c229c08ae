import { findSettings } from '../../../db/settings.js'
import { listUserLevels } from '../../../db/user-levels.js'
import {
  insertExpHistory,
  insertPointsHistory,
  lockUserResource,
  updateBalance,
} from '../../../db/user-resources.js'
import { findUserInfo, updateLevel } from '../../../db/users.js'
import { formatTime } from '../../../gateway/wire/time.js'
import type { Services } from '../../../gateway/services/services.js'
import { growthSettings } from '../settings/own-keys.js'

/** Why points or experience were given (account.md §8): 1 registration, 2 sign-in. */
const reasons = {
  registration: { type: 1, text: '注册' },
  signIn: { type: 2, text: '登录' },
} as const

/** What is given until the operator configures it. */
const defaults = {
  points_reg: growthSettings.points_reg.default,
  exp_reg: growthSettings.exp_reg.default,
  exp_login: growthSettings.exp_login.default,
}

/**
 * Gives a user, in the caller's transaction, what the operator grants for a reason: points and experience with a row
 * in their histories each, and the level that the experience reaches.
 */
export async function reward(
  services: Pick<Services, 'db' | 'clock' | 'config'>,
  userId: number,
  reason: keyof typeof reasons,
): Promise<void> {
  const { db, clock, config } = services
  const settings = { ...defaults, ...Object.fromEntries(await findSettings(db, Object.keys(defaults))) }
  const points = reason === 'registration' ? amount(settings.points_reg) : 0
  // Experience is counted in whole numbers.
  const exp = Math.floor(amount(reason === 'registration' ? settings.exp_reg : settings.exp_login))
  const resource = await lockUserResource(db, userId)
  const { type, text } = reasons[reason]
  const now = clock.now()
  const date = formatTime(now, config.timeZone).slice(0, 10)
  if (points > 0) {
    const before = Number(resource.user_points)
    await updateBalance(db, userId, 'user_points', before + points)
    await insertPointsHistory(db, {
      points_kind: 1,
      points_type: type,
      user_id: userId,
      points_log_value: points,
      user_balance: before,
      points_log_time: now,
      points_log_desc: text,
      store_id: 0,
      points_log_date: date,
    })
  }
  if (exp > 0) {
    await updateBalance(db, userId, 'user_exp', resource.user_exp + exp)
    await insertExpHistory(db, {
      exp_kind: 1,
      exp_type: type,
      user_id: userId,
      exp_log_value: exp,
      user_balance: resource.user_exp,
      exp_log_time: now,
      exp_log_desc: text,
      store_id: 0,
      exp_log_date: date,
    })
    await raiseLevel(services, userId, resource.user_exp + exp)
  }
}

/** A setting as a number; what the operator left unreadable, or too large for a balance, gives nothing. */
function amount(setting: string): number {
  return /^\d{1,7}(\.\d{1,6})?$/.test(setting.trim()) ? Number(setting) : 0
}

/**
 * Raises a user to the highest level whose experience is reached. Levels without one are reached by spending:
 * another system's matter, so who has one keeps it.
 */
async function raiseLevel({ db }: Pick<Services, 'db'>, userId: number, exp: number): Promise<void> {
  const levels = await listUserLevels(db)
  const reached = levels
    .filter(({ user_level_exp: needed }) => needed > 0 && exp >= needed)
    .toSorted((left, right) => right.user_level_exp - left.user_level_exp)[0]
  if (!reached) return
  const currentId = (await findUserInfo(db, userId))?.user_level_id
  const current = levels.find(({ user_level_id }) => user_level_id === currentId)
  const isHigher = !current || (current.user_level_exp > 0 && current.user_level_exp < reached.user_level_exp)
  if (isHigher) await updateLevel(db, userId, reached.user_level_id)
}
