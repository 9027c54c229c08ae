import { readArgon2 } from './argon2.js'
import { readBcrypt } from './bcrypt.js'
import { readPbkdf2 } from './pbkdf2.js'
import { createPhpass } from './phpass.js'
import type { SlowHashReader } from './slow-hash.js'

/** Reads stored hashes of every slow form but this server's own. */
export function createSlowHashReader(): SlowHashReader {
  const readers = [readArgon2, readBcrypt, readPbkdf2, createPhpass()]
  return (stored) => {
    for (const read of readers) {
      const hash = read(stored)
      if (hash) return hash
    }
    return undefined
  }
}
