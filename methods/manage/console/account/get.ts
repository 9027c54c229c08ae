import { listConsoleSessions } from '../../../../db/console-sessions.js'
import { defineMethod } from '../../../../gateway/contract/method.js'
import { findFactors } from '../../../rules/console/factors.js'
import { idleMilliseconds } from '../../../rules/console/sessions.js'

export default defineMethod('manage.console.account.get', {
  auth: 'console',
  ownAccount: true,
  async handle({ session: { userId, tokenId } }, services) {
    const { db, clock } = services
    const now = clock.now()
    const { hasTotp, passkeys, recoveryCodes } = await findFactors(services, userId)
    const sessions = await listConsoleSessions(db, userId, { now, seenAfter: now - idleMilliseconds })
    return {
      totp: hasTotp,
      recovery_codes: recoveryCodes,
      passkeys: passkeys.map(({ passkey_id, label, created_at, used_at }) => {
        return { passkey_id, label, created_at, used_at }
      }),
      sessions: sessions.map(({ session_id, ip, agent, created_at, seen_at }) => {
        return { session_id, is_own: session_id === tokenId, ip, agent, created_at, seen_at }
      }),
    }
  },
})
