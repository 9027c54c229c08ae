import { randomBytes, timingSafeEqual } from 'node:crypto'
import { availableParallelism } from 'node:os'
import { type PasswordCost, usualPasswordCost } from '../../../config/password-cost.js'
import { GatewayError } from '../../outcome/errors.js'
import { hasCost, hashArgon2id, verifyArgon2 } from './password-forms/argon2.js'
import { type DigestForm, digestOf } from './password-forms/digests.js'
import { EqualWork } from './password-forms/equal-work.js'
import { mostHashThreads } from './password-forms/hash-threads.js'
import { readSlowHash } from './password-forms/slow-hashes.js'
import {
  readStoredDigest,
  sealMark,
  type StoredDigest,
  type StoredPassword,
} from './password-forms/stored-form.js'
import { type NewPassword, type OldServer, type PasswordUpgrade, writeFormOf } from './password-upgrade.js'

export type { StoredPassword } from './password-forms/stored-form.js'

export interface Passwords {
  /** argon2id in PHC form. Throws UNAVAILABLE when too many hashes wait already. */
  hash(password: string): Promise<string>
  /** A new password as it is to be stored (PASSWORD_UPGRADE). Throws UNAVAILABLE when too many hashes wait already. */
  write(password: string): Promise<NewPassword>
  /**
   * Whether the password belongs to a stored hash of any kind; takes the same time whatever is stored, and when nothing
   * is: that of an argon2 hash, and of the slowest of each other form met so far. Throws UNAVAILABLE when too many hashes wait already.
   */
  verify(password: string, stored: StoredPassword | undefined): Promise<boolean>
  /** An old digest at once as safe as a new hash: argon2id over the digest. Its salt stays beside it. */
  wrap(digest: string, form?: DigestForm): Promise<string>
  /** Whether a stored hash is to be replaced by a new one at the next success; none is while PASSWORD_UPGRADE is `hold`. */
  needsUpgrade(stored: StoredPassword): boolean
  /**
   * Keeps a place for one password to be written while `work` does what must come before it and can't be done twice, as using up a code.
   * Throws UNAVAILABLE, before `work`, when too many hashes wait already.
   */
  reserve<T>(work: (write: Passwords['write']) => Promise<T>): Promise<T>
  /** Whether one more hash would be computed, now or after some waiting. */
  hasRoom(): boolean
  /** Hashes running, waiting, and done since the start, for the metrics. */
  pressure(): { readonly running: number; readonly waiting: number; readonly done: number }
}

/**
 * `queueLength`: how many hashes may wait (HASH_QUEUE); as many run at once as this process has cores of its own,
 * and threads for them. `cost`:
 * of each (PASSWORD_COST), also of the one that stands for the hash of an unknown user.
 */
export function createPasswords({
  queueLength,
  workers,
  upgrade = 'on',
  oldServer = 'shop',
  cost = usualPasswordCost,
}: {
  queueLength: number
  workers: number
  upgrade?: PasswordUpgrade
  /** Who reads what is written on hold. */
  oldServer?: OldServer
  cost?: PasswordCost
}): Passwords {
  const coresOfOwn = Math.max(1, Math.floor(availableParallelism() / workers))
  const slots = new HashSlots(Math.min(coresOfOwn, mostHashThreads), queueLength)
  let decoy: Promise<string> | undefined
  /** Compared against when there is no hash of our own, so that every path costs one argon2 computation. */
  const readDecoy = () => (decoy ??= hashArgon2id(randomBytes(18).toString('base64'), cost))
  const write = async (password: string): Promise<NewPassword> =>
    upgrade === 'hold'
      ? writeFormOf(oldServer, password)
      : { passwordHash: await hashArgon2id(password, cost), passwordSalt: '' }
  const equalWork = new EqualWork()
  const verifyAsWritten: Passwords['verify'] = (password, stored) =>
    slots.run(async () => {
      // By whoever comes first, known or not: it is made for that one alone.
      const standIn = await readDecoy()
      const { text, phc, digest } = comparison(password, stored)
      const slow = phc === undefined || hasCost(phc, cost) ? undefined : readSlowHash(phc)
      const own = slow || phc === undefined || !phc.startsWith('$argon2') ? undefined : phc
      const isOwn = await verifyArgon2(own ?? standIn, text)
      const isSlow = await equalWork.verify(text, slow)
      if (digest) return timingSafeEqual(Buffer.from(text), Buffer.from(digest.digest.toLowerCase()))
      return own === undefined ? isSlow : isOwn
    })
  return {
    hash: (password) => slots.run(() => hashArgon2id(password, cost)),
    write: (password) => slots.run(() => write(password)),
    async verify(password, stored) {
      for (const written of writtenForms(password)) if (await verifyAsWritten(written, stored)) return true
      return false
    },
    wrap: (digest, form = 'md5') =>
      slots.run(async () => sealMark(form) + (await hashArgon2id(digest.toLowerCase(), cost))),
    needsUpgrade: ({ user_password }) => upgrade === 'on' && !hasCost(user_password ?? '', cost),
    reserve: (work) => slots.reserve((run) => work((password) => run(() => write(password)))),
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

/** What is compared with what: the password or its digest, with a hash in PHC form or a digest as it is. */
function comparison(
  password: string,
  stored: StoredPassword | undefined,
): { text: string; phc?: string | undefined; digest?: StoredDigest } {
  const digest = stored && readStoredDigest(stored)
  if (!digest) return { text: password, phc: stored?.user_password ?? undefined }
  const text = digestOf(digest.form, password, digest.salt)
  return digest.isSealed ? { text, phc: digest.digest } : { text, digest }
}

/** How a stored hash was made, for operators to see which users still have an old one (`countPasswordKinds`). */
export function passwordKind(stored: StoredPassword): string {
  const password = stored.user_password ?? ''
  if (password.startsWith('$argon2id$')) return 'argon2id'
  const digest = readStoredDigest(stored)
  if (digest?.isSealed) return `argon2id(${sealMark(digest.form).slice(1, -1)})`
  if (digest) return digest.form === 'md5(p+salt)' ? 'md5+salt' : digest.form
  return readSlowHash(password)?.form ?? (password === '' ? 'none' : 'unknown')
}

/** The MD5 digest of a form that passport.md §4 knows, and the salt that belongs to it; undefined for what is none. */
export function readOldHash(stored: StoredPassword): { digest: string; salt: string } | undefined {
  const digest = readStoredDigest(stored)
  return digest && !digest.isSealed && sealMark(digest.form) === '{md5}' ? digest : undefined
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
