import { countUnread, findNewestUnread } from '../../../../db/unread-messages.js'
import { defineMethod } from '../../../../gateway/contract/method.js'
import { describeMessage } from '../../../rules/messages/descriptions.js'

/** How long a message counts as recent (account.md §6), in milliseconds. */
const recent = 5 * 60_000

export default defineMethod('front.account.userMessage.getMsgCount', {
  auth: 'user',
  async handle({ params, session }, { db, clock }) {
    const unread = await countUnread(db, session.userId)
    const since = params.recently_flag ? clock.now() - recent : 0
    const newest = unread === 0 ? undefined : await findNewestUnread(db, session.userId, since)
    return { num: unread, msg_row: newest ? describeMessage(newest) : null }
  },
})
