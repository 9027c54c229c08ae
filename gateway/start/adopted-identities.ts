import type { Knex } from 'knex'
import type { Config } from '../../config/config.js'
import type { IdentityRow } from '../../db/identities.js'
import {
  insertConflicts,
  listOldBindings,
  type OldBinding,
  type OldUser,
  sealIdcards,
} from '../../db/shop-adoption.js'
import { claimIdentities } from '../../db/user-import.js'
import { wechatBindTypes, wechatKeys, wechatWays } from '../../methods/rules/accounts/ways.js'
import { readColumns, readMobile } from '../../methods/rules/contacts/account-mobiles.js'
import { normaliseEmail } from '../../methods/rules/contacts/emails.js'
import { toE164 } from '../../methods/rules/contacts/mobiles.js'
import { maskIdcard } from '../../methods/rules/profiles/certificates.js'
import type { Clock } from '../services/clock.js'
import type { Vault } from '../services/vault.js'

/** What taking over users works with. */
export interface Adopter {
  readonly db: Knex
  readonly clock: Clock
  readonly vault: Vault
  /** Openids mean something only together with the application that they are of. */
  readonly wechat: Pick<Config['wechat'], keyof typeof wechatWays>
}

/** SQLite takes no more in one insert. */
const mostRows = 500

/**
 * `bound`: what the shop had verified. `claimed`: what else users have, as far as it is free. `wechat`: whom WeChat had
 * named; a step of its own, as shops were taken over before it was there.
 */
export const identitySteps = ['bound', 'claimed', 'wechat'] as const
export type IdentityStep = (typeof identitySteps)[number]

/** Decides who of some users owns what a step is about, in the caller's transaction; numbers of cards are sealed. */
export async function adoptIdentities(
  adopter: Adopter,
  users: readonly OldUser[],
  step: IdentityStep,
): Promise<void> {
  const { db, clock, vault } = adopter
  const wanted = oldestFirst(await findWanted(adopter, users, step))
  for (let start = 0; start < wanted.length; start += mostRows)
    await claimOnce(db, wanted.slice(start, start + mostRows), clock.now())
  if (step === 'claimed') await sealIdcards(db, readIdcards(users, vault), clock.now())
}

async function findWanted(
  { db, clock, wechat }: Adopter,
  users: readonly OldUser[],
  step: IdentityStep,
): Promise<IdentityRow[]> {
  const now = clock.now()
  if (step === 'claimed') return users.flatMap((user) => identitiesOfColumns(user, now))
  const userIds = users.map(({ user_id }) => user_id)
  const bindings = await listOldBindings(db, userIds, step === 'bound' ? [1, 2] : wechatBindTypes)
  return bindings.flatMap((binding) =>
    step === 'bound' ? identityOfBinding(binding, now) : wechatIdentities(binding, wechat, now),
  )
}

async function claimOnce(db: Knex, wanted: readonly IdentityRow[], now: number): Promise<void> {
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
  const verified_at = bind_time || now
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
  const verified_at = bind_time || now
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
