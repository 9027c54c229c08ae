import { createCache } from '../../services/cache.js'
import { createDeliveryQueue } from '../../services/delivery-queue.js'
import type { Services } from '../../services/services.js'
import { oldServerOf, passwordUpgradeOf } from '../../services/sign-in/password-upgrade.js'
import { createPasswords } from '../../services/sign-in/passwords.js'
import { createSessions } from '../../services/sign-in/sessions.js'
import { createLog } from '../../services/telemetry/log.js'
import { findWritingPlace, type Session, withDatabase } from './session.js'

/** A session with what changes of a user's password and sessions need. */
export type AccountSession = Session & Pick<Services, 'passwords' | 'sessions' | 'queue'>

/** As withDatabase, with what changes of a user's password and sessions need. */
export function withAccounts<T>(work: (session: AccountSession) => Promise<T>): Promise<T> {
  return withDatabase(async (session) => {
    const { db, config, clock } = session
    const log = createLog('silent', { write() {}, flush() {}, flushSync() {} })
    // Redis is left out: other nodes drop their cached rows within two seconds anyway.
    const cache = createCache()
    const place = await findWritingPlace(db, 'JWT_SECRET', config.jwtSecrets)
    try {
      return await work({
        ...session,
        passwords: createPasswords({
          queueLength: config.hashQueue,
          workers: 1,
          upgrade: await passwordUpgradeOf(session),
          oldServer: await oldServerOf(db),
          cost: config.passwordCost,
        }),
        sessions: createSessions({ ...config, signing: () => place, db, cache, clock }),
        queue: createDeliveryQueue({ db, clock, log }),
      })
    } finally {
      cache.close()
    }
  })
}
