import { hash, randomBytes } from 'node:crypto'
import type { Knex } from 'knex'
import type { Config } from '../../../config/config.js'
import { holdsShop } from '../../../db/attached-shop.js'

/**
 * `hold`: an old server beside this one checks passwords in the same table, so no sign-in changes a hash, and new
 * passwords are written as that server writes them. `on`: all of them become argon2id.
 */
export type PasswordUpgrade = 'hold' | 'on'

/** A password as it is stored: the hash, and the salt that belongs to it; empty where the hash holds its own. */
export interface NewPassword {
  readonly passwordHash: string
  readonly passwordSalt: string
}

/**
 * What PASSWORD_UPGRADE says; where it says nothing, `hold` in an old shop's database, as nothing brings a
 * replaced hash back, and `on` in a database of our own.
 */
export async function passwordUpgradeOf({
  db,
  config,
}: {
  readonly db: Knex
  readonly config: Pick<Config, 'passwordUpgrade'>
}): Promise<PasswordUpgrade> {
  return config.passwordUpgrade ?? ((await holdsShop(db)) ? 'hold' : 'on')
}

/** The old shop's form (account.md §8): md5(password + salt) in hex, the salt 32 hex digits of the user's own. */
export function writeOldForm(password: string): NewPassword {
  const passwordSalt = randomBytes(16).toString('hex')
  return { passwordHash: hash('md5', password + passwordSalt), passwordSalt }
}
