import type { Knex } from 'knex'
import { findKnownUsers } from '../../../db/user-import.js'
import { verifyArgon2 } from '../../services/sign-in/password-forms/argon2.js'
import type { PasswordColumns } from '../../services/sign-in/password-forms/old-hash.js'
import { readStoredDigest, sealMark } from '../../services/sign-in/password-forms/stored-form.js'
import type { Passwords } from '../../services/sign-in/passwords.js'
import type { ImportedUser } from './imported-user.js'

/** Turns the digest of a fast form into argon2id over it; leaves other hashes as they are. */
export type SealDigest = (stored: PasswordColumns) => Promise<PasswordColumns>

export function createSeal(passwords: Pick<Passwords, 'wrap'>): SealDigest {
  return async (stored) => {
    const old = readStoredDigest(stored)
    if (!old || old.isSealed) return stored
    return { user_password: await passwords.wrap(old.digest, old.form), user_salt: old.salt }
  }
}

interface Sealing {
  readonly db: Knex
  readonly seal?: SealDigest | undefined
}

/**
 * Does all hashing for some users, before their transaction: seals what is to be sealed, and gives a user whose password
 * is sealed here already what is stored of it.
 */
export async function sealPasswords(
  { db, seal }: Sealing,
  users: readonly ImportedUser[],
): Promise<readonly ImportedUser[]> {
  const rows = await findKnownUsers(
    db,
    users.flatMap(({ uid }) => uid ?? []),
    users.map(({ account }) => account),
  )
  const byAccount = new Map(rows.map((row) => [row.user_account.toLowerCase(), row]))
  return Promise.all(
    users.map(async (user) => {
      const stored = byAccount.get(user.account.toLowerCase())
      if (stored && (await isSealedOf(stored, user.password))) return { ...user, password: columnsOf(stored) }
      return seal ? { ...user, password: await seal(user.password) } : user
    }),
  )
}

async function isSealedOf(stored: PasswordColumns, given: PasswordColumns): Promise<boolean> {
  const [sealed, old] = [readStoredDigest(stored), readStoredDigest(given)]
  if (!sealed?.isSealed || !old || old.isSealed || old.salt !== sealed.salt) return false
  if (sealMark(old.form) !== sealMark(sealed.form)) return false
  return verifyArgon2(sealed.digest, old.digest.toLowerCase())
}

function columnsOf({ user_password, user_salt }: PasswordColumns): PasswordColumns {
  return { user_password, user_salt }
}
