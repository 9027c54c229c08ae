import { transaction } from '../../../../db/transaction.js'
import { userLevelExists } from '../../../../db/user-levels.js'
import { findUserInfo, lockUser, updateLevel, updateState } from '../../../../db/users.js'
import { GatewayError } from '../../../../gateway/outcome/errors.js'
import { defineMethod } from '../../../../gateway/contract/method.js'
import { audit } from '../../../rules/audit.js'

export default defineMethod('manage.account.user.edit', {
  auth: 'permission',
  async handle(call, services) {
    const { user_id: userId, user_state: state, user_level_id: level } = call.params
    await transaction(services, async (services) => {
      const { db, sessions } = services
      if (!(await lockUser(db, userId))) throw new GatewayError('OPERATION_FAILED')
      const info = await findUserInfo(db, userId)
      const [oldState, oldLevel] = [info?.user_state ?? 1, info?.user_level_id ?? 0]
      const changes: string[] = []
      if (state !== undefined && state !== oldState) {
        // An administrator who is locked out could not undo it, and is no judge of the own state.
        if (userId === call.session.userId) throw new GatewayError('OPERATION_FAILED')
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
      await audit(services, call, { targetId: userId, detail: changes.join(', ') })
    })
    services.sessions.forget(userId)
  },
})
