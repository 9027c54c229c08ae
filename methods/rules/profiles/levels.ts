import type { UserLevelRow } from '../../../db/user-levels.js'

/** A level as clients read it. */
export function describeLevel(level: UserLevelRow) {
  return {
    ...level,
    user_level_spend: Number(level.user_level_spend),
    user_level_rate: Number(level.user_level_rate),
    user_level_is_buildin: level.user_level_is_buildin === 1,
  }
}
