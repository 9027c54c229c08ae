import { transaction } from '../../../db/transaction.js'
import { markReviewed } from '../../../db/user-certificates.js'
import { lockUser } from '../../../db/users.js'
import type { SignedInOrigin } from '../../../gateway/contract/method.js'
import { GatewayError } from '../../../gateway/outcome/errors.js'
import { unreadKey } from '../../../gateway/services/live/message-signals.js'
import type { Services } from '../../../gateway/services/services.js'
import { audit } from '../audit.js'
import { requireLowerRank } from './ranks.js'
import { sendSystemNotice } from '../messages/system-notices.js'

export interface Review {
  readonly userId: number
  readonly passed: boolean
  /** For the user; may be empty. */
  readonly note: string
}

/** Ends the wait of a certificate and tells its user. Throws OPERATION_FAILED where none waits, and for one's own or that of somebody above. */
export async function reviewCertificate(
  services: Services,
  { userId, passed, note }: Review,
  call: SignedInOrigin,
): Promise<void> {
  const at = services.clock.now()
  await transaction(services, async (services) => {
    const { db } = services
    const isKnown = await lockUser(db, userId)
    await requireLowerRank(services, userId, call)
    const review = { passed, reviewerId: call.session.userId, note, at }
    if (!isKnown || !(await markReviewed(db, userId, review))) throw new GatewayError('OPERATION_FAILED')
    await sendSystemNotice(services, userId, { ...noticeOf(passed, note), at })
    await audit(services, call, { targetId: userId, detail: passed ? 'passed' : 'failed' })
  })
  services.cache.drop(unreadKey(userId))
}

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
