import { listNotices } from '../../../../db/user-messages.js'
import { defineMethod } from '../../../../gateway/contract/method.js'
import { describeMessage } from '../../../rules/messages/descriptions.js'

/** How long a notice is shown (account.md §6), in milliseconds. */
const shownFor = 10 * 86_400_000
/** More than anybody looks through; the newest ones. */
const most = 500

export default defineMethod('front.account.userMessage.getNotice', {
  auth: 'user',
  async handle({ session }, { db, clock }) {
    const notices = await listNotices(db, session.userId, { since: clock.now() - shownFor, most })
    return notices.map(describeMessage)
  },
})
