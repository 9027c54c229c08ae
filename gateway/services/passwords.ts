import { hash as hashOnce, randomBytes, timingSafeEqual } from 'node:crypto'
import { availableParallelism } from 'node:os'
import { hash as argon2Hash, verify as argon2Verify } from '@node-rs/argon2'
import { GatewayError } from '../errors.js'

/** argon2id, 19 MiB, two passes, one lane: OWASP's recommendation. The binding's defaults are the id variant and v1.3. */
const cost = { memoryCost: 19_456, timeCost: 2, parallelism: 1 }

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
  /** Whether a stored hash should be replaced by a new one at the next success. */
  needsUpgrade(stored: StoredPassword): boolean
  /** Hashes running and waiting, for the metrics. */
  pressure(): { readonly running: number; readonly waiting: number }
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
  return {
    hash: (password) => slots.run(() => argon2Hash(password, cost)),
    verify: (password, stored) =>
      slots.run(async () => {
        const isArgon2 = stored?.user_password.startsWith('$argon2') ?? false
        const right = await argon2Verify(isArgon2 && stored ? stored.user_password : await decoy, password)
        return isArgon2 ? right : matchesOldHash(password, stored)
      }),
    needsUpgrade: ({ user_password }) =>
      !user_password.startsWith(
        `$argon2id$v=19$m=${cost.memoryCost},t=${cost.timeCost},p=${cost.parallelism}$`,
      ),
    pressure: () => slots.pressure(),
  }
}

const saltedForm = /^([0-9a-f]{32}):([a-zA-Z0-9]{32})$/i
const bareForm = /^[0-9a-f]{32}$/i

/** The old systems' MD5 forms (passport.md §4): `MD5(password+R):R`, `MD5(password)`, and the shop's `md5(password+salt)`. */
function matchesOldHash(password: string, stored: StoredPassword | undefined): boolean {
  if (!stored) return false
  const [, digest, random] = saltedForm.exec(stored.user_password) ?? []
  if (digest !== undefined && random !== undefined) return md5Equals(password + random, digest)
  return bareForm.test(stored.user_password) && md5Equals(password + stored.user_salt, stored.user_password)
}

function md5Equals(text: string, digest: string): boolean {
  return timingSafeEqual(Buffer.from(hashOnce('md5', text, 'hex')), Buffer.from(digest.toLowerCase()))
}

/** Lets `most` hashes run at once and `queueLength` wait; hashes beyond the cores only make all of them slower. */
class HashSlots {
  private running = 0
  private readonly waiting: (() => void)[] = []
  private readonly most: number
  private readonly queueLength: number

  constructor(most: number, queueLength: number) {
    this.most = most
    this.queueLength = queueLength
  }

  async run<T>(work: () => Promise<T>): Promise<T> {
    if (this.running < this.most) this.running++
    else await this.waitForSlot()
    try {
      return await work()
    } finally {
      // A waiting hash takes over this one's slot.
      const next = this.waiting.shift()
      if (next) next()
      else this.running--
    }
  }

  pressure(): { running: number; waiting: number } {
    return { running: this.running, waiting: this.waiting.length }
  }

  private waitForSlot(): Promise<void> {
    if (this.waiting.length >= this.queueLength) throw new GatewayError('UNAVAILABLE', { retryAfter: 1 })
    return new Promise((resolve) => this.waiting.push(resolve))
  }
}
