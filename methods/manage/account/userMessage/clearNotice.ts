import { markNoticesRead } from '../../../../db/unread-messages.js'
import { defineMethod } from '../../../../gateway/contract/method.js'
import { unreadKey } from '../../../../gateway/services/live/message-signals.js'

export default defineMethod('manage.account.userMessage.clearNotice', {
  auth: 'user',
  async handle({ session }, { db, cache }) {
    await markNoticesRead(db, session.userId)
    cache.drop(unreadKey(session.userId))
  },
})
