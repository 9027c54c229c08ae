import { defineMethod } from '../../../../gateway/method.js'

export default defineMethod('front.account.login.logout', {
  auth: 'optional',
  async handle({ session }, { sessions, db }) {
    if (session) await sessions.end(db, session.tokenId)
    return { token: '' }
  },
})
