import type { Knex } from 'knex'

export type IdentityKind = 'mobile' | 'email'

/** Who owns an address: an E.164 number or a lower-cased e-mail belongs to one user (account.md §8). */
export interface IdentityRow {
  kind: IdentityKind
  value: string
  user_id: number
  /** Milliseconds; null: claimed but not proved, and gives way to who proves it. */
  verified_at: number | null
  created_at: number
}

declare module 'knex/types/tables.js' {
  interface Tables {
    user_identity: IdentityRow
  }
}

export async function findIdentity(
  db: Knex,
  kind: IdentityKind,
  value: string,
): Promise<IdentityRow | undefined> {
  return db('user_identity').where({ kind, value }).first()
}

export async function findIdentityOfUser(
  db: Knex,
  kind: IdentityKind,
  userId: number,
): Promise<IdentityRow | undefined> {
  return db('user_identity').where({ kind, user_id: userId }).first()
}

/** Claims an address without proof; nothing happens when somebody has it already. */
export async function claimIdentity(db: Knex, row: Omit<IdentityRow, 'verified_at'>): Promise<void> {
  await db('user_identity')
    .insert({ ...row, verified_at: null })
    .onConflict()
    .ignore()
}

/** Makes a user's claim to an address a proved one. */
export async function proveIdentity(
  db: Knex,
  { kind, value, user_id, verified_at }: Omit<IdentityRow, 'created_at'>,
): Promise<void> {
  await db('user_identity').where({ kind, value, user_id }).whereNull('verified_at').update({ verified_at })
}

/**
 * Makes a proved address the user's only one of its kind. Another user's unproved claim gives way; returns false
 * when another user has proved it. The primary key decides between parallel transactions.
 */
export async function verifyIdentity(db: Knex, row: IdentityRow): Promise<boolean> {
  const { kind, value, user_id } = row
  await db('user_identity').where({ kind, user_id }).whereNot({ value }).delete()
  await db('user_identity').where({ kind, value }).whereNull('verified_at').whereNot({ user_id }).delete()
  await db('user_identity').insert(row).onConflict(['kind', 'value']).ignore()
  const owner = await db('user_identity').where({ kind, value }).forUpdate().first()
  if (owner?.user_id !== user_id) return false
  await db('user_identity').where({ kind, value }).update({ verified_at: row.verified_at })
  return true
}

/** Gives up the user's address of a kind, proved or not. */
export async function deleteIdentity(db: Knex, kind: IdentityKind, userId: number): Promise<void> {
  await db('user_identity').where({ kind, user_id: userId }).delete()
}
