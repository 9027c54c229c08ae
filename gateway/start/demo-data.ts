import { randomBytes } from 'node:crypto'
import type { Knex } from 'knex'
import { listClientApps } from '../../db/client-apps.js'
import { claimIdentity, verifyIdentity } from '../../db/identities.js'
import { hasDistricts, insertDistricts } from '../../db/districts.js'
import { saveCounters, saveVip } from '../../db/passport-cards.js'
import { isDuplicate, transaction } from '../../db/transaction.js'
import { hasUsers, insertUser } from '../../db/users.js'
import type { Services } from '../services/services.js'
import { registerApp } from '../services/apps/registry.js'
import { demoPassword, demoUsers } from '../pages/start/demo-users.js'
import { webGrants } from '../services/apps/unsigned-caller.js'
import type { Vault } from '../services/vault.js'

/** An application made for a newcomer to try, and its secret, shown once. */
export interface DemoApp {
  readonly name: string
  readonly secret: string
}

/** A few provinces, with cities and counties by name in their order; ids are those of the national standard. */
const demoProvinces = [
  [
    110000,
    '北京市',
    [[110100, '北京市', { 110101: '东城区', 110102: '西城区', 110105: '朝阳区', 110108: '海淀区' }]],
  ],
  [310000, '上海市', [[310100, '上海市', { 310101: '黄浦区', 310104: '徐汇区', 310115: '浦东新区' }]]],
  [
    440000,
    '广东省',
    [
      [440100, '广州市', { 440103: '荔湾区', 440104: '越秀区', 440106: '天河区' }],
      [440300, '深圳市', { 440303: '罗湖区', 440304: '福田区', 440305: '南山区' }],
    ],
  ],
] as const

const [signingIn, verified, vip] = demoUsers

const verifiedAt = Date.UTC(2015, 10, 13, 6, 14, 35)

/**
 * Gives a development database that has no users those of the passport document and user 12345 with password 1234567,
 * and one that has no applications two of them. Returns the applications that were made.
 */
export async function loadDemoData(services: Services): Promise<DemoApp[]> {
  const { db, config, passwords, apps } = services
  if (config.environment !== 'development') return []
  const [hasSomeUsers, hasSomeApps] = [await hasUsers(db), await hasApps(db)]
  if (hasSomeUsers && hasSomeApps) return []
  const passwordHash = hasSomeUsers ? '' : await passwords.hash(demoPassword)
  const made = await transaction(services, async ({ db, vault }) => {
    if (!hasSomeUsers && !(await hasUsers(db))) await insertDemoUsers(db, passwordHash)
    return (await hasApps(db)) ? [] : registerDemoApps(db, vault)
  }).catch((error: unknown) => {
    // Another worker of the same start was faster.
    if (isDuplicate(error)) return []
    throw error
  })
  await apps.refresh()
  return made
}

async function hasApps(db: Knex): Promise<boolean> {
  return (await listClientApps(db)).length > 0
}

async function registerDemoApps(db: Knex, vault: Vault): Promise<DemoApp[]> {
  const demoApps = ['web', 'internal'].map((name) => ({ name, secret: randomBytes(16).toString('hex') }))
  for (const { name, secret } of demoApps) {
    const grants = name === 'web' ? webGrants : ['*']
    await registerApp(db, vault, { name, scheme: 'legacy', trust: 'server', grants, addresses: [], secret })
  }
  return demoApps
}

/** Districts are left alone where somebody has imported them. */
async function insertDemoUsers(db: Knex, passwordHash: string): Promise<void> {
  await insertDocumentUsers(db, passwordHash)
  if (!(await hasDistricts(db))) await insertDistricts(db, demoDistricts())
}

async function insertDocumentUsers(db: Knex, passwordHash: string): Promise<void> {
  const createdAt = Date.now()
  await insertUser(db, {
    userId: verified.uid,
    account: verified.account,
    passwordHash,
    mobile: '13812345678',
    email: '123abc@139.com',
    createdAt,
  })
  const own = (value: string) => ({ value, user_id: verified.uid, created_at: createdAt })
  await verifyIdentity(db, { ...own('+8613812345678'), kind: 'mobile', verified_at: verifiedAt })
  await claimIdentity(db, { ...own('123abc@139.com'), kind: 'email' })
  await insertUser(db, {
    userId: vip.uid,
    account: vip.account,
    passwordHash,
    nickname: '18612359670',
    createdAt,
  })
  await saveVip(db, { user_id: vip.uid, level: 0, starts_at: 1452349087, ends_at: 1483885087 })
  await saveCounters(db, vip.uid, { order_count: 10 })
  await insertUser(db, { userId: signingIn.uid, account: signingIn.account, passwordHash, createdAt })
}

/** Districts to choose an address from; an operator imports all of them. */
function demoDistricts() {
  const district = (level: number, parent: number, id: number, name: string) => ({
    district_id: id,
    district_name: name,
    district_parent_id: parent,
    district_level: level,
  })
  return demoProvinces.flatMap(([provinceId, province, cities]) => [
    district(1, 0, provinceId, province),
    ...cities.flatMap(([cityId, city, counties]) => [
      district(2, provinceId, cityId, city),
      ...Object.entries(counties).map(([id, county]) => district(3, cityId, Number(id), county)),
    ]),
  ])
}
