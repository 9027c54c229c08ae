import { readArgon2 } from './argon2.js'
import { readBcrypt } from './bcrypt.js'
import { readPbkdf2 } from './pbkdf2.js'
import { readPhpass } from './phpass.js'
import type { SlowHash } from './slow-hash.js'

const readers: readonly ((stored: string) => SlowHash | undefined)[] = [
  readArgon2,
  readBcrypt,
  readPbkdf2,
  readPhpass,
]

/** Reads a stored hash of every slow form but this server's own; undefined for what is none. */
export function readSlowHash(stored: string): SlowHash | undefined {
  for (const read of readers) {
    const hash = read(stored)
    if (hash) return hash
  }
  return undefined
}
