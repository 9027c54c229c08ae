import { transaction } from '../../../../db/transaction.js'
import { userLevelExists } from '../../../../db/user-levels.js'
import { findUserInfo, lockUser, updateLevel, updateState } from '../../../../db/users.js'
import { GatewayError } from '../../../../gateway/outcome/errors.js'
import { defineMethod } from '../../../../gateway/contract/method.js'
import { recordAudit } from '../../../rules/audit.js'

export default defineMethod('manage.account.user.edit', {
  auth: 'permission',
  async handle({ params, session, ip }, services) {
    const { db, sessions } = services
    const { user_id: userId, user_state: state, user_level_id: level } = params
    await transaction(db, async (db) => {
      if (!(await lockUser(db, userId))) throw new GatewayError('OPERATION_FAILED')
      const info = await findUserInfo(db, userId)
      const [oldState, oldLevel] = [info?.user_state ?? 1, info?.user_level_id ?? 0]
      const changes: string[] = []
      if (state !== undefined && state !== oldState) {
        // Who locks himself out could not undo it, and his own state is nothing for him to judge.
        if (userId === session.userId) throw new GatewayError('OPERATION_FAILED')
        await updateState(db, userId, state)
        await sessions.endAll(db, userId)
        changes.push(`user_state ${oldState} -> ${state}`)
      }
      if (level !== undefined && level !== oldLevel) {
        if (level !== 0 && !(await userLevelExists(db, level))) throw new GatewayError('OPERATION_FAILED')
        await updateLevel(db, userId, level)
        changes.push(`user_level_id ${oldLevel} -> ${level}`)
      }
      if (changes.length === 0) throw new GatewayError('OPERATION_FAILED')
      await recordAudit(db, services, {
        action: 'manage.account.user.edit',
        outcome: 'ok',
        actorId: session.userId,
        targetId: userId,
        ip,
        detail: changes.join(', '),
      })
    })
    sessions.forget(userId)
  },
})
