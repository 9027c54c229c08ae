import { lockUserLevel } from '../../../db/user-levels.js'
import type { InTransaction } from '../../../db/transaction.js'
import { updateState } from '../../../db/users.js'
import { updateLevel, type UserInfoRow } from '../../../db/user-info.js'
import type { SignedInOrigin } from '../../../gateway/contract/method.js'
import { GatewayError } from '../../../gateway/outcome/errors.js'
import type { Services } from '../../../gateway/services/services.js'
import { requireLowerRank } from './ranks.js'

/** What an administrator decides of a user; what is absent stays. */
export interface Standing {
  readonly user_state?: number
  /** 0 for none. */
  readonly user_level_id?: number
}

/** A user whose row the caller's transaction has locked; imported users may have no info row yet. */
export interface LockedUser {
  readonly userId: number
  readonly info: Pick<UserInfoRow, 'user_state' | 'user_level_id'> | undefined
}

/**
 * Gives a user a state and a level. Returns what changed, in words; the caller ends the sessions of a user whose state
 * is new. Throws OPERATION_FAILED for a new state of one's own or of somebody above, and for a level there is not.
 */
export async function changeStanding(
  { db }: InTransaction<Pick<Services, 'db'>>,
  { userId, info }: LockedUser,
  { user_state: state, user_level_id: level }: Standing,
  call: Pick<SignedInOrigin, 'session'>,
): Promise<{ readonly changes: string[]; readonly isNewState: boolean }> {
  const [oldState, oldLevel] = [info?.user_state ?? 1, info?.user_level_id ?? 0]
  const changes: string[] = []
  const isNewState = state !== undefined && state !== oldState
  if (isNewState) {
    // An administrator who is locked out could not undo it.
    await requireLowerRank({ db }, userId, call)
    await updateState(db, userId, state)
    changes.push(`user_state ${oldState} -> ${state}`)
  }
  if (level !== undefined && level !== oldLevel) {
    if (level !== 0 && !(await lockUserLevel(db, level))) throw new GatewayError('OPERATION_FAILED')
    await updateLevel(db, userId, level)
    changes.push(`user_level_id ${oldLevel} -> ${level}`)
  }
  return { changes, isNewState }
}
