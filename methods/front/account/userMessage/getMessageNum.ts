import { countReceived } from '../../../../db/unread-messages.js'
import { defineMethod } from '../../../../gateway/contract/method.js'

export default defineMethod('front.account.userMessage.getMessageNum', {
  auth: 'user',
  async handle({ session }, { db }) {
    const { read, unread } = await countReceived(db, session.userId)
    return { unread_number: unread, red_number: read }
  },
})
