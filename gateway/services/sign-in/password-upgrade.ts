import { hash, randomBytes, randomInt } from 'node:crypto'
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

/** Which old server reads the passwords that are written on hold. */
export type OldServer = 'shop' | 'passport'

/** A shop's where the database is one, else a passport gateway. */
export async function oldServerOf(db: Knex): Promise<OldServer> {
  return (await holdsShop(db)) ? 'shop' : 'passport'
}

/** A password in the form that an old server reads. */
export function writeFormOf(server: OldServer, password: string): NewPassword {
  return server === 'shop' ? writeOldForm(password) : writePassportForm(password)
}

const saltCharacters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789'

/** The old passport gateway's form (passport.md §4): MD5(password + R):R, R 32 letters and digits of the user's own. */
export function writePassportForm(password: string): NewPassword {
  const random = Array.from({ length: 32 }, () => saltCharacters[randomInt(saltCharacters.length)]).join('')
  return { passwordHash: `${hash('md5', password + random)}:${random}`, passwordSalt: '' }
}

/** The old shop's form (account.md §8): md5(password + salt) in hex, the salt 32 hex digits of the user's own. */
export function writeOldForm(password: string): NewPassword {
  const passwordSalt = randomBytes(16).toString('hex')
  return { passwordHash: hash('md5', password + passwordSalt), passwordSalt }
}
