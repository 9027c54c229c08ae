import type { Knex } from 'knex'
import type { Config } from '../../config/config.js'
import type { IdentityRow } from '../../db/identities.js'
import { withMigrationLease } from '../../db/migrate.js'
import {
  countConflicts,
  findAdoption,
  insertConflicts,
  listOldBindings,
  listOldUsers,
  type OldBinding,
  type OldUser,
  saveAdoption,
  sealIdcards,
} from '../../db/shop-adoption.js'
import { type InTransaction, transaction } from '../../db/transaction.js'
import { claimIdentities } from '../../db/user-import.js'
import { readColumns, readMobile } from '../../methods/rules/contacts/account-mobiles.js'
import { maskIdcard } from '../../methods/rules/profiles/certificates.js'
import { normaliseEmail } from '../../methods/rules/contacts/emails.js'
import { toE164 } from '../../methods/rules/contacts/mobiles.js'
import { wechatBindTypes, wechatKeys, wechatWays } from '../../methods/rules/accounts/ways.js'
import type { Clock } from '../services/clock.js'
import type { Log } from '../services/telemetry/log.js'
import type { Vault } from '../services/vault.js'

interface Adopter {
  readonly db: Knex
  readonly log: Log
  readonly clock: Clock
  readonly vault: Vault
  /** Openids mean something only together with the application that they are of. */
  readonly wechat: Pick<Config['wechat'], keyof typeof wechatWays>
}

/** Users a transaction. */
const batchSize = 200
/** SQLite takes no more in one insert. */
const mostRows = 500
const reportEvery = 50

/**
 * Takes over the users of an old shop's database (account.md §8): who owns a number or an e-mail is decided once, and
 * numbers of identity cards are sealed. Bound addresses count as verified and go first; of two users the older one, by
 * the id, keeps what both had. So it is with identities at WeChat; those of an application that is not configured yet
 * are found when their users come. Goes on where it was cut off; costs one read once it is done.
 */
export async function adoptShopUsers(adopter: Adopter): Promise<void> {
  const { db } = adopter
  if ((await findAdoption(db, steps[steps.length - 1] ?? ''))?.done_at) return
  await withMigrationLease(db, async () => {
    for (const step of steps) await adoptStep(adopter, step)
    const conflicts = await countConflicts(db)
    if (conflicts > 0)
      adopter.log.warn(
        { count: conflicts },
        'two users had one number, e-mail or WeChat: see `cli user conflicts`',
      )
  })
}

/**
 * `bound`: what the shop had verified. `claimed`: what else users have, as far as it is free. `wechat`: whom WeChat had
 * named; a step of its own, as shops were taken over before it was there.
 */
const steps = ['bound', 'claimed', 'wechat'] as const
type Step = (typeof steps)[number]

async function adoptStep(adopter: Adopter, step: Step): Promise<void> {
  const { db, log, clock } = adopter
  let { position, done_at: doneAt } = (await findAdoption(db, step)) ?? { position: 0, done_at: null }
  for (let batches = 1; doneAt === null; batches++) {
    const users = await listOldUsers(db, position, batchSize)
    const last = users.at(-1)
    position = last?.user_id ?? position
    doneAt = last ? null : clock.now()
    await transaction(adopter, async (adopter) => {
      const { db, clock, vault } = adopter
      if (last) await adoptBatch(adopter, users, step)
      if (last && step === 'claimed') await sealIdcards(db, readIdcards(users, vault), clock.now())
      await saveAdoption(db, { step, position, done_at: doneAt })
    })
    if (batches % reportEvery === 0) log.info({ count: batches * batchSize }, `taking over users: ${step}`)
  }
}

async function adoptBatch(
  adopter: InTransaction<Adopter>,
  users: readonly OldUser[],
  step: Step,
): Promise<void> {
  const wanted = oldestFirst(await findWanted(adopter, users, step))
  for (let start = 0; start < wanted.length; start += mostRows)
    await claimOnce(adopter, wanted.slice(start, start + mostRows))
}

async function findWanted(
  { db, clock, wechat }: Adopter,
  users: readonly OldUser[],
  step: Step,
): Promise<IdentityRow[]> {
  const now = clock.now()
  if (step === 'claimed') return users.flatMap((user) => identitiesOfColumns(user, now))
  const userIds = users.map(({ user_id }) => user_id)
  const bindings = await listOldBindings(db, userIds, step === 'bound' ? [1, 2] : wechatBindTypes)
  return bindings.flatMap((binding) =>
    step === 'bound' ? identityOfBinding(binding, now) : wechatIdentities(binding, wechat, now),
  )
}

async function claimOnce(
  { db, clock }: Pick<Adopter, 'db' | 'clock'>,
  wanted: readonly IdentityRow[],
): Promise<void> {
  const now = clock.now()
  const owners = new Map(
    (await claimIdentities(db, wanted)).map((row) => [`${row.kind} ${row.value}`, row.user_id]),
  )
  const lost = wanted.flatMap(({ kind, value, user_id }) => {
    const kept = owners.get(`${kind} ${value}`)
    return kept === undefined || kept === user_id
      ? []
      : [{ kind, value, user_id, kept_user_id: kept, found_at: now }]
  })
  await insertConflicts(db, lost)
}

/** One statement inserts in this order, and the first one of a value stays. */
function oldestFirst(rows: readonly IdentityRow[]): IdentityRow[] {
  return rows.toSorted((left, right) => left.user_id - right.user_id)
}

function identityOfBinding(
  { user_id, bind_type, bind_id, bind_time }: OldBinding,
  now: number,
): IdentityRow[] {
  const verified_at = readTime(bind_time) || now
  const own = { user_id, verified_at, created_at: verified_at }
  if (bind_type === 2) return emailOf(bind_id).map((value) => ({ kind: 'email', value, ...own }))
  const mobile = readMobile(bind_id)
  return mobile ? [{ kind: 'mobile', value: toE164(mobile), ...own }] : []
}

/** The old server kept the openid as the binding's id, as its openid, or as both. */
function wechatIdentities(
  { user_id, bind_type, bind_id, bind_openid, bind_unionid, bind_time }: OldBinding,
  wechat: Adopter['wechat'],
  now: number,
): IdentityRow[] {
  const verified_at = readTime(bind_time) || now
  const way = (Object.keys(wechatWays) as (keyof typeof wechatWays)[]).find(
    (name) => wechatWays[name].bindType === bind_type,
  )
  const appId = way && wechat[way]?.appId
  const openids = appId === undefined ? [] : [...new Set([bind_id, bind_openid])].filter(Boolean)
  const keys = openids.flatMap((openid) => wechatKeys({ appId: appId ?? '', openid }))
  if (bind_unionid) keys.push({ kind: 'wechat-union', value: bind_unionid })
  return keys.map((key) => ({ ...key, user_id, verified_at, created_at: verified_at }))
}

function identitiesOfColumns(
  { user_id, user_intl, user_mobile, user_email }: OldUser,
  now: number,
): IdentityRow[] {
  const own = { user_id, verified_at: null, created_at: now }
  const mobile = readColumns({ user_intl, user_mobile })
  return [
    ...(mobile ? [{ kind: 'mobile' as const, value: toE164(mobile), ...own }] : []),
    ...emailOf(user_email).map((value) => ({ kind: 'email' as const, value, ...own })),
  ]
}

/** Numbers of cards that stand open: 18 characters, or the 15 digits of before 1999. */
function readIdcards(users: readonly OldUser[], vault: Vault) {
  return users
    .filter(({ user_idcard }) => /^\d{15}$|^\d{17}[\dX]$/i.test(user_idcard ?? ''))
    .map(({ user_id, user_idcard }) => ({
      userId: user_id,
      masked: maskIdcard(user_idcard),
      sealed: vault.seal('idcard', user_idcard.toUpperCase()),
    }))
}

function emailOf(text: string | null): string[] {
  const email = normaliseEmail((text ?? '').trim())
  return /^[^\s@]{1,64}@[^\s@]+\.[^\s@]+$/.test(email) ? [email] : []
}

/** A time of the old tables as milliseconds; 0 for none. */
function readTime(time: OldBinding['bind_time']): number {
  if (time instanceof Date) return time.getTime()
  const number = Number(time ?? 0)
  if (Number.isNaN(number)) return Date.parse(String(time)) || 0
  return number < 1e11 ? number * 1000 : number
}
