import type { Gain } from '../../../db/user-resources.js'

/** Why points or experience were given (account.md §8): 1 registration, 2 sign-in. The texts are the old shop's. */
const reasons = {
  registration: { type: 1, text: '用户注册' },
  signIn: { type: 2, text: '登录' },
} as const

/** Why a user is given something. */
export type GrowthReason = keyof typeof reasons

/** What a user was given at once. */
interface Given {
  readonly gains: readonly (Gain & { readonly reason: GrowthReason })[]
  /** The balances with all of them. */
  readonly after: Gain
  readonly userId: number
  readonly at: number
  readonly date: string
}

/** Rows of what was gained in points. */
export function pointsHistory({ gains, after, userId, at, date }: Given) {
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

/** The same of experience. */
export function expHistory({ gains, after, userId, at, date }: Given) {
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
