import { randomBytes } from 'node:crypto'
import type { Knex } from 'knex'
import { listClientApps } from '../../db/client-apps.js'
import { claimIdentity, verifyIdentity } from '../../db/identities.js'
import { saveCounters, saveVip } from '../../db/passport-cards.js'
import { isDuplicate, transaction } from '../../db/transaction.js'
import { hasUsers, insertUser } from '../../db/users.js'
import type { Services } from '../services/services.js'
import { registerApp } from '../services/apps/registry.js'

/** An application made for a newcomer to try, and its secret, shown once. */
export interface DemoApp {
  readonly name: string
  readonly secret: string
}

const verifiedAt = Date.UTC(2015, 10, 13, 6, 14, 35)

/**
 * Fills an empty development database with the users of the passport document, user 12345 with password 1234567, and
 * two applications. Returns the applications, or none when there was data already.
 */
export async function loadDemoData(services: Services): Promise<DemoApp[]> {
  const { db, config, passwords, apps } = services
  if (config.environment !== 'development' || (await hasData(db))) return []
  const passwordHash = await passwords.hash('1234567')
  const made = await transaction(services, async ({ db, vault }) => {
    if (await hasData(db)) return []
    await insertDocumentUsers(db, passwordHash)
    const demoApps = ['web', 'internal'].map((name) => ({ name, secret: randomBytes(16).toString('hex') }))
    for (const { name, secret } of demoApps) {
      const grants = name === 'web' ? ['web.*', 'app.*', 'open.*'] : ['*']
      await registerApp(db, vault, { name, scheme: 'legacy', trust: 'server', grants, addresses: [], secret })
    }
    return demoApps
  }).catch((error: unknown) => {
    // Another worker of the same start was faster.
    if (isDuplicate(error)) return []
    throw error
  })
  await apps.refresh()
  return made
}

async function hasData(db: Knex): Promise<boolean> {
  return (await hasUsers(db)) || (await listClientApps(db)).length > 0
}

async function insertDocumentUsers(db: Knex, passwordHash: string): Promise<void> {
  const createdAt = Date.now()
  await insertUser(db, {
    userId: 6030455,
    account: 'demo6030455',
    passwordHash,
    mobile: '13812345678',
    email: '123abc@139.com',
    createdAt,
  })
  const own = (value: string) => ({ value, user_id: 6030455, created_at: createdAt })
  await verifyIdentity(db, { ...own('+8613812345678'), kind: 'mobile', verified_at: verifiedAt })
  await claimIdentity(db, { ...own('123abc@139.com'), kind: 'email' })
  await insertUser(db, {
    userId: 5357305,
    account: 'demo5357305',
    passwordHash,
    nickname: '18612359670',
    createdAt,
  })
  await saveVip(db, { user_id: 5357305, level: 0, starts_at: 1452349087, ends_at: 1483885087 })
  await saveCounters(db, 5357305, { order_count: 10 })
  await insertUser(db, { userId: 12345, account: 'demo12345', passwordHash, createdAt })
}
