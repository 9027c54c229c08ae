import type { Knex } from 'knex'
import { findSettings } from '../../db/settings.js'
import { listUserLevels } from '../../db/user-levels.js'
import {
  insertExpHistory,
  insertPointsHistory,
  lockUserResource,
  updateBalance,
} from '../../db/user-resources.js'
import { updateLevel } from '../../db/users.js'
import { formatTime } from '../../gateway/format-time.js'
import type { Services } from '../../gateway/method.js'

/** Why points or experience were given (account.md §8): 1 registration, 2 sign-in. */
const reasons = {
  registration: { type: 1, text: '注册' },
  signIn: { type: 2, text: '登录' },
} as const

/** What is given until the operator configures it (account.md §7). */
const defaults = { points_reg: '30', exp_reg: '0', exp_login: '50' }

/**
 * Gives a user, in the caller's transaction, what the operator grants for a reason: points and experience with a row
 * in their histories each, and the level that the experience reaches.
 */
export async function reward(
  db: Knex,
  { clock, config }: Pick<Services, 'clock' | 'config'>,
  userId: number,
  reason: keyof typeof reasons,
): Promise<void> {
  const settings = { ...defaults, ...Object.fromEntries(await findSettings(db, Object.keys(defaults))) }
  const points = reason === 'registration' ? amount(settings.points_reg) : 0
  const exp = amount(reason === 'registration' ? settings.exp_reg : settings.exp_login)
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
    await raiseLevel(db, userId, resource.user_exp + exp)
  }
}

/** A setting as a number; what the operator left unreadable gives nothing. */
function amount(setting: string): number {
  const value = Number(setting)
  return Number.isFinite(value) && value > 0 ? value : 0
}

/** The highest level whose experience is reached. Levels without one are bought by spending: another system's matter. */
async function raiseLevel(db: Knex, userId: number, exp: number): Promise<void> {
  const reached = (await listUserLevels(db)).filter(
    ({ user_level_exp: needed }) => needed > 0 && exp >= needed,
  )
  const level = reached.toSorted((left, right) => right.user_level_exp - left.user_level_exp)[0]
  if (level) await updateLevel(db, userId, level.user_level_id)
}
