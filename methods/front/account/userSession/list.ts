import { listLiveSessions } from '../../../../db/sessions.js'
import { defineMethod } from '../../../../gateway/contract/method.js'

/** More than anybody looks through; the newest ones. */
const most = 100

export default defineMethod('front.account.userSession.list', {
  auth: 'user',
  async handle({ session }, { db, clock }) {
    const rows = await listLiveSessions(db, session.userId, { now: clock.now(), most })
    return {
      page: 1,
      size: most,
      records: rows.length,
      total: rows.length > 0 ? 1 : 0,
      items: rows.map((row) => ({
        session_id: row.token_id,
        user_login_ip: row.ip,
        created_time: row.created_at,
        expires_time: row.expires_at,
        client: row.app_name,
        is_current: row.token_id === session.tokenId,
      })),
    }
  },
})
