import { hash } from '@node-rs/argon2'
import { join } from 'node:path'
import { loadConfig } from '../config/config.js'
import { addressBindTypes } from '../db/address-owners.js'
import { startServices } from '../gateway/start/services.js'
import { registerApp } from '../gateway/services/apps/registry.js'
import { firstUid, jobSecret, makeUser, userCount } from './job.js'

/** Every user's password and hash: 100,000 different ones would take half an hour to make. */
export const password = 'right password'

/** The environment of a server in production on a database; limits per address are counted but never reached. */
export function productionEnvironment(folder: string, databaseUrl?: string): Record<string, string> {
  return {
    NODE_ENV: 'production',
    HOST: '127.0.0.1',
    PUBLIC_URL: 'http://127.0.0.1',
    DATA_DIR: folder,
    DATABASE_URL: databaseUrl ?? `sqlite:${join(folder, 'passport.db')}`,
    DATA_KEY: 'data-key-of-the-benchmark-32-characters-long',
    JWT_SECRET: 'jwt-secret-of-the-benchmark-32-characters-long',
    SMS_PROVIDER: 'webhook',
    SMS_WEBHOOK_URL: 'http://127.0.0.1:9/',
    LOG_LEVEL: 'info',
    LIMIT_IP_SCALE: '100000',
  }
}

/** Rows a statement: SQLite takes at most 500. */
const chunk = 500

/** How many users there are between two words of how far it is. */
const saidEach = 100_000

/** Makes a database with the application `web` and `count` users; tells how far it is. */
export async function seed(
  env: Record<string, string>,
  count: number = userCount,
  say: (text: string) => void = () => {},
): Promise<void> {
  const services = await startServices(loadConfig({ ...env, LOG_LEVEL: 'error' }))
  const { db, vault } = services
  try {
    await registerApp(db, vault, {
      name: 'web',
      scheme: 'legacy',
      trust: 'server',
      grants: ['*'],
      addresses: [],
      secret: jobSecret,
    })
    const passwordHash = await hash(password, { memoryCost: 19_456, timeCost: 2, parallelism: 1 })
    for (let start = 0; start < count; start += chunk) {
      const uids = Array.from({ length: Math.min(chunk, count - start) }, (_, at) => firstUid + start + at)
      await db.transaction(async (db) => {
        await db.batchInsert(
          'account_user_base',
          uids.map((uid) => baseRow(uid, passwordHash)),
          chunk,
        )
        await db.batchInsert('account_user_info', uids.map(infoRow), chunk)
        await db.batchInsert('user_identity', uids.map(identityRow), chunk)
        await db.batchInsert('account_user_bind_connect', uids.map(bindingRow), chunk)
      })
      const done = start + uids.length
      if (done % saidEach === 0 && done < count) say(`${done} of ${count} users`)
    }
  } finally {
    await services.close()
  }
}

function baseRow(uid: number, passwordHash: string) {
  return {
    user_id: uid,
    user_account: `user${uid}`,
    user_password: passwordHash,
    user_created_at: Date.UTC(2016, 0, 1),
  }
}

function identityRow(uid: number) {
  const at = Date.UTC(2016, 0, 1)
  return { kind: 'email' as const, value: makeUser(uid).email, user_id: uid, verified_at: at, created_at: at }
}

/** What every address that the product proves or imports as verified gets beside its identity. */
function bindingRow(uid: number) {
  const { email } = makeUser(uid)
  const at = Date.UTC(2016, 0, 1)
  return {
    bind_id: email,
    bind_type: addressBindTypes.email,
    user_id: uid,
    bind_time: at,
    bind_openid: email,
  }
}

function infoRow(uid: number) {
  const { mobile, email } = makeUser(uid)
  return {
    user_id: uid,
    user_account: `user${uid}`,
    user_nickname: `user ${uid}`,
    user_intl: '+86',
    user_mobile: mobile,
    user_email: email,
  }
}
