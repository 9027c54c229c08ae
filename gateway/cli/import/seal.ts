import type { PasswordColumns } from '../../services/sign-in/password-forms/old-hash.js'
import { readStoredDigest } from '../../services/sign-in/password-forms/stored-form.js'
import type { Passwords } from '../../services/sign-in/passwords.js'

/** Turns the digest of a fast form into argon2id over it; leaves other hashes as they are. */
export type SealDigest = (stored: PasswordColumns) => Promise<PasswordColumns>

export function createSeal(wrap: Passwords['wrap']): SealDigest {
  return async (stored) => {
    const old = readStoredDigest(stored)
    if (!old || old.isSealed) return stored
    return { user_password: await wrap(old.digest, old.form), user_salt: old.salt }
  }
}
