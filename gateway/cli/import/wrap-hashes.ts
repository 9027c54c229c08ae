import type { Knex } from 'knex'
import { listOldHashes, upgradePassword } from '../../../db/credentials.js'
import { readStoredDigest } from '../../services/sign-in/password-forms/stored-form.js'
import type { Passwords } from '../../services/sign-in/passwords.js'

const batchSize = 200

/**
 * Turns every stored digest of a fast form into argon2id over it, so that a stolen table is worth little even before the
 * users sign in again. Can be stopped and run again. Returns the number of turned hashes.
 */
export async function wrapHashes(
  db: Knex,
  passwords: Pick<Passwords, 'wrap'>,
  progress: (turned: number) => void,
): Promise<number> {
  let turned = 0
  let after = 0
  for (;;) {
    const users = await listOldHashes(db, after, batchSize)
    if (users.length === 0) return turned
    after = users.at(-1)?.user_id ?? after
    const wrapped = await Promise.all(
      users.map(async (user) => {
        const old = readStoredDigest(user)
        return old && { user, salt: old.salt, hash: await passwords.wrap(old.digest, old.form) }
      }),
    )
    // A password changed in the meantime is left alone.
    for (const change of wrapped) if (change) await upgradePassword(db, change.user, change.hash, change.salt)
    turned += wrapped.filter(Boolean).length
    progress(turned)
  }
}
