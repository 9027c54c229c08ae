import { listNotices } from '../../../../db/user-messages.js'
import { defineMethod } from '../../../../gateway/contract/method.js'
import { describeMessage } from '../../../rules/messages/descriptions.js'
import { mostNotices, noticeMilliseconds } from '../../../rules/messages/notices.js'

export default defineMethod('front.account.userMessage.getNotice', {
  auth: 'user',
  async handle({ session }, { db, clock }) {
    const since = clock.now() - noticeMilliseconds
    return (await listNotices(db, session.userId, { since, most: mostNotices })).map(describeMessage)
  },
})
