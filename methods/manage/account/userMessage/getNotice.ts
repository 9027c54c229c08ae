import { listUnreadNotices } from '../../../../db/listed-messages.js'
import { defineMethod } from '../../../../gateway/contract/method.js'
import { describeNotice, mostNotices, noticeMilliseconds } from '../../../rules/messages/notices.js'

export default defineMethod('manage.account.userMessage.getNotice', {
  auth: 'user',
  async handle({ session }, { db, clock, config }) {
    const since = clock.now() - noticeMilliseconds
    const notices = await listUnreadNotices(db, session.userId, { since, most: mostNotices })
    const items = notices.map((notice) => describeNotice(notice, config.publicUrl))
    return { items, total: items.length }
  },
})
