import { findSessionOwner } from '../../../../db/sessions.js'
import { transaction } from '../../../../db/transaction.js'
import { lockUser } from '../../../../db/users.js'
import { GatewayError } from '../../../../gateway/outcome/errors.js'
import type { Services } from '../../../../gateway/services/services.js'
import { defineMethod } from '../../../../gateway/contract/method.js'
import { requireNobodyAbove } from '../../../rules/administration/ranks.js'
import { audit } from '../../../rules/audit.js'

export default defineMethod('manage.account.userSession.revoke', {
  auth: 'permission',
  async handle(call, services) {
    const { db, sessions, clock } = services
    const { session_id: tokenId = '', user_id: onlyOf } = call.params
    if (tokenId === '' && onlyOf === undefined)
      throw new GatewayError('PARAM_ERROR', { detail: 'session_id: text, or user_id: integer' })
    const owner = tokenId === '' ? onlyOf : await findSessionOwner(db, tokenId, clock.now())
    if (owner === undefined || (onlyOf ?? owner) !== owner) throw new GatewayError('OPERATION_FAILED')
    await transaction(services, async (services) => {
      if (!(await lockUser(services.db, owner))) throw new GatewayError('OPERATION_FAILED')
      await requireNobodyAbove(services, owner, call)
      if (!(await endSessions(services, owner, tokenId))) throw new GatewayError('OPERATION_FAILED')
      await audit(services, call, {
        targetId: owner,
        detail: tokenId === '' ? 'all sessions' : 'one session',
      })
    })
    sessions.forget(owner)
    if (tokenId !== '') sessions.forgetToken(tokenId)
  },
})

/** Ends one session, or all where no id is given; false when there was none alive; a token of the shop counts. */
async function endSessions({ db, sessions }: Services, userId: number, tokenId: string): Promise<boolean> {
  if (tokenId !== '') return sessions.endOwn(db, userId, tokenId)
  if (!(await sessions.mayHaveAny(db, userId))) return false
  await sessions.endAll(db, userId)
  return true
}
