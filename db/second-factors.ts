import type { Knex } from 'knex'
import { isDuplicate } from './transaction.js'

/** The authenticator app of an administrator (RFC 6238). */
export interface TotpRow {
  user_id: number
  /** Sealed; empty until a first code has confirmed it. */
  secret: string
  /** A sealed secret that no code has confirmed yet; empty for none. */
  pending: string
  /** The time step of the last code that was accepted. */
  last_step: number
  confirmed_at: number
}

export interface PasskeyRow {
  /** Digest of the credential's id. */
  passkey_id: string
  user_id: number
  /** Base64url, as all three of what WebAuthn hands over. */
  credential_id: string
  public_key: string
  counter: number
  /** Separated by commas. */
  transports: string
  label: string
  created_at: number
  /** 0: never. */
  used_at: number
}

/** A recovery code that is left. */
export interface RecoveryCodeRow {
  /** Names the code; of a code made before 0.2.0 its keyed digest. */
  code_digest: string
  user_id: number
  /** The code's digest, sealed; empty for a code made before 0.2.0. */
  sealed_digest: string
}

declare module 'knex/types/tables.js' {
  interface Tables {
    console_totp: TotpRow
    console_passkey: PasskeyRow
    console_recovery_code: RecoveryCodeRow
    console_ticket: { user_id: number; ticket_digest: string; expires_at: number }
  }
}

export async function findTotp(db: Knex, userId: number): Promise<TotpRow | undefined> {
  return db('console_totp').where({ user_id: userId }).first()
}

/** Keeps a secret that is still to be confirmed beside one that may be in use. */
export async function savePendingTotp(db: Knex, userId: number, pending: string): Promise<void> {
  const row = { user_id: userId, secret: '', pending, last_step: 0, confirmed_at: 0 }
  await db('console_totp').insert(row).onConflict('user_id').merge({ pending })
}

/** Puts the pending secret in use, with the step of the code that confirmed it; false when it is another one by now. */
export async function confirmTotp(
  db: Knex,
  { user_id, pending }: Pick<TotpRow, 'user_id' | 'pending'>,
  { step, at }: { readonly step: number; readonly at: number },
): Promise<boolean> {
  const changes = { secret: pending, pending: '', last_step: step, confirmed_at: at }
  return (await db('console_totp').where({ user_id, pending }).update(changes)) > 0
}

/** Uses a time step up; false when it or a later one was: of parallel calls on any node one has it. */
export async function takeTotpStep(
  db: Knex,
  { user_id, secret }: Pick<TotpRow, 'user_id' | 'secret'>,
  step: number,
): Promise<boolean> {
  const taken = await db('console_totp')
    .where({ user_id, secret })
    .where('last_step', '<', step)
    .update({ last_step: step })
  return taken > 0
}

export async function deleteTotp(db: Knex, userId: number): Promise<boolean> {
  return (await db('console_totp').where({ user_id: userId }).delete()) > 0
}

/** Oldest first. */
export async function listPasskeys(db: Knex, userId: number): Promise<PasskeyRow[]> {
  return db('console_passkey').where({ user_id: userId }).orderBy(['created_at', 'passkey_id'])
}

/** False when somebody has it already. */
export async function insertPasskey(db: Knex, row: PasskeyRow): Promise<boolean> {
  try {
    await db('console_passkey').insert(row)
    return true
  } catch (error) {
    if (isDuplicate(error)) return false
    throw error
  }
}

export async function savePasskeyUse(
  db: Knex,
  passkeyId: string,
  use: Pick<PasskeyRow, 'counter' | 'used_at'>,
): Promise<void> {
  await db('console_passkey').where({ passkey_id: passkeyId }).update(use)
}

export async function deletePasskey(db: Knex, userId: number, passkeyId: string): Promise<boolean> {
  return (await db('console_passkey').where({ user_id: userId, passkey_id: passkeyId }).delete()) > 0
}

export async function listRecoveryCodes(db: Knex, userId: number): Promise<RecoveryCodeRow[]> {
  return db('console_recovery_code').where({ user_id: userId })
}

/** Replaces the codes that a user has. */
export async function saveRecoveryCodes(
  db: Knex,
  userId: number,
  codes: readonly Omit<RecoveryCodeRow, 'user_id'>[],
): Promise<void> {
  await db('console_recovery_code').where({ user_id: userId }).delete()
  if (codes.length > 0)
    await db('console_recovery_code').insert(codes.map((code) => ({ ...code, user_id: userId })))
}

/** How many users have codes made before 0.2.0, which only the key that they were made under tells from others. */
export async function countOldRecoveryCodes(db: Knex): Promise<number> {
  const [row] = await db('console_recovery_code')
    .where({ sealed_digest: '' })
    .countDistinct({ users: 'user_id' })
  return Number(row?.['users'] ?? 0)
}

/** Uses a code up; false when it was already. */
export async function takeRecoveryCode(db: Knex, userId: number, digest: string): Promise<boolean> {
  return (await db('console_recovery_code').where({ user_id: userId, code_digest: digest }).delete()) > 0
}

/** Gives a user a ticket in place of one there may be. */
export async function saveTicket(db: Knex, userId: number, digest: string, expiresAt: number): Promise<void> {
  const row = { ticket_digest: digest, expires_at: expiresAt }
  await db('console_ticket')
    .insert({ user_id: userId, ...row })
    .onConflict('user_id')
    .merge(row)
}

/** Uses a ticket up; false when the user has no such one that is still good. */
export async function takeTicket(db: Knex, userId: number, digest: string, now: number): Promise<boolean> {
  const taken = await db('console_ticket')
    .where({ user_id: userId, ticket_digest: digest })
    .where('expires_at', '>', now)
    .delete()
  return taken > 0
}

/** Takes all second factors, codes and tickets from a user; returns whether there was any factor. */
export async function deleteSecondFactors(db: Knex, userId: number): Promise<boolean> {
  const [totp, passkeys] = [
    await db('console_totp').where({ user_id: userId }).delete(),
    await db('console_passkey').where({ user_id: userId }).delete(),
  ]
  await db('console_recovery_code').where({ user_id: userId }).delete()
  await db('console_ticket').where({ user_id: userId }).delete()
  return totp + passkeys > 0
}
