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

/** Why points or experience were given (account.md §8): 1 registration, 2 sign-in. The texts are the old shop's. */
const reasons = {
  registration: { type: 1, text: '用户注册' },
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
      points_kind_id: 1,
      points_type_id: type,
      user_id: userId,
      points_log_points: points,
      user_points: before + points,
      points_log_time: now,
      points_log_desc: `注册赠送积分 ${points}`,
      store_id: 0,
      points_log_date: date,
    })
  }
  if (exp > 0) {
    await updateBalance(db, userId, 'user_exp', resource.user_exp + exp)
    await insertExpHistory(db, {
      exp_kind_id: 1,
      exp_type_id: type,
      user_id: userId,
      exp_log_value: exp,
      user_exp: resource.user_exp,
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
 * Raises a user to the highest level whose experience is reached, if its number is above that of the user's own: as the
 * old shop does it (account-beside.md §6). Levels without experience are reached by spending.
 */
async function raiseLevel({ db }: Pick<Services, 'db'>, userId: number, exp: number): Promise<void> {
  const reached = (await listUserLevels(db))
    .filter(({ user_level_exp: needed }) => needed > 0 && exp >= needed)
    .toSorted((left, right) => right.user_level_exp - left.user_level_exp)[0]
  const own = (await findUserInfo(db, userId))?.user_level_id ?? 0
  if (reached && reached.user_level_id > own) await updateLevel(db, userId, reached.user_level_id)
}
