import { hash as hashOnce, randomBytes, timingSafeEqual } from 'node:crypto'
import { availableParallelism } from 'node:os'
import { hash as argon2Hash, verify as argon2Verify } from '@node-rs/argon2'
import { GatewayError } from '../../outcome/errors.js'

/** argon2id, 19 MiB, two passes, one lane: OWASP's recommendation. The binding's defaults are the id variant and v1.3. */
const cost = { memoryCost: 19_456, timeCost: 2, parallelism: 1 }

/** Stands before an argon2id hash that was made of an MD5 digest, not of the password; `user_salt` is the digest's. */
const wrapMark = '{md5}'

export interface StoredPassword {
  readonly user_password: string
  readonly user_salt: string
}

export interface Passwords {
  /** argon2id in PHC form. Throws UNAVAILABLE when too many hashes wait already. */
  hash(password: string): Promise<string>
  /**
   * Whether the password belongs to a stored hash of any kind; takes an argon2 hash's time whatever is stored, and
   * when nothing is. Throws UNAVAILABLE when too many hashes wait already.
   */
  verify(password: string, stored: StoredPassword | undefined): Promise<boolean>
  /** An old MD5 digest at once as safe as a new hash: argon2id over the digest. Its salt stays beside it. */
  wrap(digest: string): Promise<string>
  /** Whether a stored hash should be replaced by a new one at the next success. */
  needsUpgrade(stored: StoredPassword): boolean
  /**
   * Keeps a place for one hash while `work` does what must come before it and can't be done twice, as using up a code.
   * Throws UNAVAILABLE, before `work`, when too many hashes wait already.
   */
  reserve<T>(work: (hash: Passwords['hash']) => Promise<T>): Promise<T>
  /** Whether one more hash would be computed, now or after some waiting. */
  hasRoom(): boolean
  /** Hashes running, waiting, and done since the start, for the metrics. */
  pressure(): { readonly running: number; readonly waiting: number; readonly done: number }
}

/** `queueLength`: how many hashes may wait (HASH_QUEUE); as many run at once as this process has cores of its own. */
export function createPasswords({
  queueLength,
  workers,
}: {
  queueLength: number
  workers: number
}): Passwords {
  const slots = new HashSlots(Math.max(1, Math.floor(availableParallelism() / workers)), queueLength)
  // Compared against when there is no argon2 hash, so that every path costs one argon2 computation.
  const decoy = argon2Hash(randomBytes(18).toString('base64'), cost)
  decoy.catch(() => {})
  const verifyAsWritten: Passwords['verify'] = (password, stored) =>
    slots.run(async () => {
      const isWrapped = stored?.user_password.startsWith(wrapMark) ?? false
      const isArgon2 = stored?.user_password.startsWith('$argon2') ?? false
      const phc = isWrapped || isArgon2 ? stored?.user_password.replace(wrapMark, '') : undefined
      const text = isWrapped ? hashOnce('md5', password + stored?.user_salt, 'hex') : password
      const right = await argon2Verify(phc ?? (await decoy), text)
      return phc === undefined ? matchesOldHash(password, stored) : right
    })
  return {
    hash: (password) => slots.run(() => argon2Hash(password, cost)),
    async verify(password, stored) {
      for (const written of writtenForms(password)) if (await verifyAsWritten(written, stored)) return true
      return false
    },
    wrap: (digest) => slots.run(async () => wrapMark + (await argon2Hash(digest.toLowerCase(), cost))),
    needsUpgrade: ({ user_password }) =>
      !user_password.startsWith(
        `$argon2id$v=19$m=${cost.memoryCost},t=${cost.timeCost},p=${cost.parallelism}$`,
      ),
    reserve: (work) => slots.reserve((run) => work((password) => run(() => argon2Hash(password, cost)))),
    hasRoom: () => slots.hasRoom(),
    pressure: () => slots.pressure(),
  }
}

/**
 * The bytes that one password may have: as it was typed, and in the two forms that systems give letters with marks
 * (é as one character or as two). A password of ASCII has one form, so it costs nothing more.
 */
function writtenForms(password: string): string[] {
  // oxlint-disable-next-line no-control-regex -- the range is ASCII
  if (/^[\x00-\x7f]*$/.test(password)) return [password]
  return [...new Set([password, password.normalize('NFC'), password.normalize('NFD')])]
}

const saltedForm = /^([0-9a-f]{32}):([a-zA-Z0-9]{32})$/i
const bareForm = /^[0-9a-f]{32}$/i

/** The old systems' MD5 forms (passport.md §4): `MD5(password+R):R`, `MD5(password)`, and the shop's `md5(password+salt)`. */
function matchesOldHash(password: string, stored: StoredPassword | undefined): boolean {
  const old = stored && readOldHash(stored)
  return old !== undefined && md5Equals(password + old.salt, old.digest)
}

/** How a stored hash was made (passport.md §4), for operators to see which users still have an old one. */
export type PasswordKind = 'argon2id' | 'argon2id(md5)' | 'md5:R' | 'md5' | 'md5+salt' | 'none' | 'unknown'

export function passwordKind({ user_password, user_salt }: StoredPassword): PasswordKind {
  if (user_password.startsWith('$argon2id$')) return 'argon2id'
  if (user_password.startsWith(wrapMark)) return 'argon2id(md5)'
  if (saltedForm.test(user_password)) return 'md5:R'
  if (bareForm.test(user_password)) return user_salt === '' ? 'md5' : 'md5+salt'
  return user_password === '' ? 'none' : 'unknown'
}

/** The MD5 digest of an old form and the salt that belongs to it; undefined for what is no old form. */
export function readOldHash({
  user_password,
  user_salt,
}: StoredPassword): { digest: string; salt: string } | undefined {
  const [, digest, random] = saltedForm.exec(user_password) ?? []
  if (digest !== undefined && random !== undefined) return { digest, salt: random }
  return bareForm.test(user_password) ? { digest: user_password, salt: user_salt } : undefined
}

function md5Equals(text: string, digest: string): boolean {
  return timingSafeEqual(Buffer.from(hashOnce('md5', text, 'hex')), Buffer.from(digest.toLowerCase()))
}

/** Lets `most` hashes run at once and `queueLength` wait; hashes beyond the cores only make all of them slower. */
class HashSlots {
  private running = 0
  private done = 0
  /** Places that are kept for hashes which do not wait yet. */
  private reserved = 0
  private readonly waiting: (() => void)[] = []
  private readonly most: number
  private readonly queueLength: number

  constructor(most: number, queueLength: number) {
    this.most = most
    this.queueLength = queueLength
  }

  async run<T>(work: () => Promise<T>): Promise<T> {
    if (!this.hasRoom()) throw new GatewayError('UNAVAILABLE', { retryAfter: 1 })
    return this.runInTurn(work)
  }

  async reserve<T>(work: (run: <U>(hash: () => Promise<U>) => Promise<U>) => Promise<T>): Promise<T> {
    if (!this.hasRoom()) throw new GatewayError('UNAVAILABLE', { retryAfter: 1 })
    this.reserved++
    let isKept = true
    const giveUp = () => {
      if (isKept) this.reserved--
      isKept = false
    }
    try {
      return await work((hash) => {
        giveUp()
        return this.runInTurn(hash)
      })
    } finally {
      giveUp()
    }
  }

  hasRoom(): boolean {
    return this.running + this.waiting.length + this.reserved < this.most + this.queueLength
  }

  pressure(): { running: number; waiting: number; done: number } {
    return { running: this.running, waiting: this.waiting.length, done: this.done }
  }

  private async runInTurn<T>(work: () => Promise<T>): Promise<T> {
    if (this.running < this.most) this.running++
    else await this.waitForSlot()
    try {
      return await work()
    } finally {
      this.done++
      // A waiting hash takes over this one's slot.
      const next = this.waiting.shift()
      if (next) next()
      else this.running--
    }
  }

  private waitForSlot(): Promise<void> {
    return new Promise((resolve) => this.waiting.push(resolve))
  }
}
