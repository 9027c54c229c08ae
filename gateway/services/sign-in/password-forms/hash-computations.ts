import { hash, pbkdf2Sync } from 'node:crypto'
import * as argon2 from '@node-rs/argon2'

const md5Bytes = 16

/** What the threads for hashes compute. Each takes its time: nothing else may be done by the thread that calls one. */
export const computations = {
  argon2Hash: argon2.hashSync,
  argon2Verify: (phc: string, text: string): boolean => argon2.verifySync(phc, text),
  async bcryptHash(text: Uint8Array, cost: number): Promise<string> {
    const { hashSync } = await loadBcrypt()
    return hashSync(text, cost)
  },
  async bcryptVerify(password: string, encoded: string): Promise<boolean> {
    const { verifySync } = await loadBcrypt()
    return verifySync(password, encoded)
  },
  pbkdf2: (
    password: string,
    salt: Uint8Array,
    iterations: number,
    length: number,
    digest: string,
  ): Uint8Array => pbkdf2Sync(password, salt, iterations, length, digest),
  phpass,
}

export type Computations = typeof computations

/** Machine code that most servers never need. */
function loadBcrypt() {
  return import('@node-rs/bcrypt')
}

/** The MD5 of a salt and the password, and as many more over it and the password: 16 bytes. */
function phpass(salt: string, password: string, rounds: number): Uint8Array {
  const text = Buffer.from(password)
  const link = Buffer.concat([hash('md5', Buffer.concat([Buffer.from(salt), text]), 'buffer'), text])
  for (let round = 0; round < rounds; round++) link.set(hash('md5', link, 'buffer'))
  return Uint8Array.from(link.subarray(0, md5Bytes))
}
