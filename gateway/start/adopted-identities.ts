import type { Knex } from 'knex'
import type { Config } from '../../config/config.js'
import type { IdentityRow } from '../../db/identities.js'
import { insertConflicts } from '../../db/identity-conflicts.js'
import { claimFree, findOwn, keyOf, type Owners } from '../../db/shop/adoption/claims.js'
import {
  listOldBindings,
  type OldBinding,
  type OldUser,
  sealIdcards,
} from '../../db/shop/adoption/old-users.js'
import { wechatBindTypes, wechatKeys, wechatWays } from '../../methods/rules/accounts/ways.js'
import { readColumns, readMobile, wholeNumber } from '../../methods/rules/contacts/account-mobiles.js'
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

/**
 * What users had bound counts as verified. `wechat` is a step of its own, as shops were taken over before it was
 * there.
 */
export const bindingSteps = { bound: [1, 2], wechat: wechatBindTypes } as const
export type BindingStep = keyof typeof bindingSteps

/** Decides who of some users owns what they had bound, in the caller's transaction. */
export async function adoptBindings(
  adopter: Adopter,
  step: BindingStep,
  users: readonly [first: number, last: number],
): Promise<void> {
  const { db, clock, wechat } = adopter
  const now = clock.now()
  const bindings = await listOldBindings(db, bindingSteps[step], users)
  const wanted = bindings.flatMap((binding) =>
    step === 'bound' ? identityOfBinding(binding, now) : wechatIdentities(binding, wechat, now),
  )
  await claim(adopter, wanted)
}

/** Decides who of some users owns what else they have, as far as it is free; numbers of cards are sealed. */
export async function adoptClaims(adopter: Adopter, users: readonly OldUser[]): Promise<void> {
  const { db, clock, vault } = adopter
  const now = clock.now()
  const userIds = users.map(({ user_id }) => user_id)
  const own = await findOwn(db, userIds)
  await claim(
    adopter,
    users.flatMap((user) => openIdentities(user, own, now)),
  )
  await sealIdcards(db, readIdcards(users, vault), now)
}

/** Of two users who want the same the older one, by the id, gets it. */
async function claim({ db, clock }: Adopter, wanted: readonly IdentityRow[]): Promise<void> {
  const oldestFirst = wanted.toSorted((left, right) => left.user_id - right.user_id)
  const lost = await claimFree(db, oldestFirst)
  await insertConflicts(
    db,
    lost.map(({ keptBy, ...row }) => ({ ...row, kept_user_id: keptBy, found_at: clock.now() })),
  )
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

/** What a user's columns hold that is not the user's yet. What is, is in its one form: most need no reading. */
function openIdentities(user: OldUser, own: Owners, now: number): IdentityRow[] {
  const { user_id, user_email } = user
  const claimed = { user_id, verified_at: null, created_at: now }
  const isOwn = (kind: 'mobile' | 'email', value: string) => own.get(keyOf({ kind, value })) === user_id
  const mobile = isOwn('mobile', wholeNumber(user)) ? undefined : readColumns(user)
  const emails = isOwn('email', user_email ?? '') ? [] : emailOf(user_email)
  return [
    ...(mobile ? [{ kind: 'mobile' as const, value: toE164(mobile), ...claimed }] : []),
    ...emails.map((value) => ({ kind: 'email' as const, value, ...claimed })),
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
