import type { Knex } from 'knex'
import type { IdentityRow } from '../db/identities.js'
import { withMigrationLease } from '../db/migrate.js'
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
} from '../db/shop-adoption.js'
import { transaction } from '../db/transaction.js'
import { claimIdentities } from '../db/user-import.js'
import { readColumns, readMobile } from '../methods/rules/account-mobiles.js'
import { maskIdcard } from '../methods/rules/certificates.js'
import { normaliseEmail } from '../methods/rules/emails.js'
import { toE164 } from '../methods/rules/mobiles.js'
import type { Clock } from './services/clock.js'
import type { Log } from './services/log.js'
import type { Vault } from './services/vault.js'

interface Adopter {
  readonly db: Knex
  readonly log: Log
  readonly clock: Clock
  readonly vault: Vault
}

/** Users a transaction; SQLite takes at most 500 rows an insert, and a user has two addresses. */
const batchSize = 200
const reportEvery = 50

/**
 * Takes over the users of an old shop's database (account.md §8): who owns a number or an e-mail is decided once, and
 * numbers of identity cards are sealed. Bound addresses count as verified and go first; of two users the older one, by
 * his id, keeps what both had. Goes on where it was cut off; costs one read once it is done.
 */
export async function adoptShopUsers(adopter: Adopter): Promise<void> {
  const { db } = adopter
  if ((await findAdoption(db, 'claimed'))?.done_at) return
  await withMigrationLease(db, async () => {
    for (const step of ['bound', 'claimed'] as const) await adoptStep(adopter, step)
  })
}

/** `bound`: what the shop had verified. `claimed`: what else users have, as far as it is free. */
type Step = 'bound' | 'claimed'

async function adoptStep({ db, log, clock, vault }: Adopter, step: Step): Promise<void> {
  let { position, done_at: doneAt } = (await findAdoption(db, step)) ?? { position: 0, done_at: null }
  for (let batches = 1; doneAt === null; batches++) {
    const users = await listOldUsers(db, position, batchSize)
    const last = users.at(-1)
    position = last?.user_id ?? position
    doneAt = last ? null : clock.now()
    await transaction(db, async (db) => {
      if (last) await adoptBatch(db, users, step, clock.now())
      if (last && step === 'claimed') await sealIdcards(db, readIdcards(users, vault), clock.now())
      await saveAdoption(db, { step, position, done_at: doneAt })
    })
    if (batches % reportEvery === 0) log.info({ count: batches * batchSize }, `taking over users: ${step}`)
  }
  const conflicts = step === 'claimed' ? await countConflicts(db) : 0
  if (conflicts > 0)
    log.warn({ count: conflicts }, 'two users had one number or e-mail: see `cli user conflicts`')
}

async function adoptBatch(db: Knex, users: readonly OldUser[], step: Step, now: number): Promise<void> {
  const bindings = await listOldBindings(
    db,
    users.map(({ user_id }) => user_id),
  )
  const wanted =
    step === 'bound'
      ? bindings.flatMap((binding) => identityOfBinding(binding, now))
      : users.flatMap((user) => identitiesOfColumns(user, now))
  const owners = new Map(
    (await claimIdentities(db, oldestFirst(wanted))).map((row) => [`${row.kind} ${row.value}`, row.user_id]),
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
