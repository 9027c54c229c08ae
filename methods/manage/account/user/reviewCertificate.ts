import { transaction } from '../../../../db/transaction.js'
import { authentication, markReviewed } from '../../../../db/user-certificates.js'
import { lockUser } from '../../../../db/users.js'
import { GatewayError } from '../../../../gateway/outcome/errors.js'
import { defineMethod } from '../../../../gateway/contract/method.js'
import { unreadKey } from '../../../../gateway/services/live/message-signals.js'
import { audit } from '../../../rules/audit.js'
import { sendSystemNotice } from '../../../rules/messages/system-notices.js'

export default defineMethod('manage.account.user.reviewCertificate', {
  auth: 'permission',
  async handle(call, services) {
    const { params, session } = call
    const { user_id: userId, user_is_authentication: state, note = '' } = params
    const passed = params.passed ?? (state === undefined ? undefined : state === authentication.passed)
    if (passed === undefined) throw new GatewayError('PARAM_ERROR', { detail: 'passed: boolean' })
    const at = services.clock.now()
    await transaction(services, async (services) => {
      const { db } = services
      const isKnown = await lockUser(db, userId)
      const review = { passed, reviewerId: session.userId, note, at }
      if (!isKnown || !(await markReviewed(db, userId, review))) throw new GatewayError('OPERATION_FAILED')
      await sendSystemNotice(services, userId, { ...noticeOf(passed, note), at })
      await audit(services, call, { targetId: userId, detail: passed ? 'passed' : 'failed' })
    })
    services.cache.drop(unreadKey(userId))
  },
})

function noticeOf(passed: boolean, note: string): { title: string; content: string } {
  const [title, content] = passed
    ? [
        '实名认证已通过 / Certificate passed',
        '您的实名认证已通过审核。 / Your certificate has passed its review.',
      ]
    : [
        '实名认证未通过 / Certificate failed',
        '您的实名认证未通过审核。 / Your certificate has failed its review.',
      ]
  return { title, content: note === '' ? content : `${content} ${note}` }
}
