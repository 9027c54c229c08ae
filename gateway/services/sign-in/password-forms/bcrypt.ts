import { createHmac, randomBytes } from 'node:crypto'
import { computeHash } from './hash-threads.js'
import type { SlowHash } from './slow-hash.js'

const form = /^(\$wp)?(\$2[aby]\$(\d\d)\$[./A-Za-z0-9]{53})$/
const leastCost = 4

/** bcrypt, as PHP's `password_hash` makes it, and WordPress since 6.8 over an HMAC of the password. */
export function readBcrypt(stored: string): SlowHash | undefined {
  const [, wordpress, encoded, cost = ''] = form.exec(stored) ?? []
  if (encoded === undefined || Number(cost) < leastCost) return undefined
  return {
    form: 'bcrypt',
    family: 'bcrypt',
    work: 2 ** Number(cost),
    verify: (password) =>
      computeHash('bcryptVerify', wordpress === undefined ? password : wordpressText(password), encoded),
    burn,
  }
}

function wordpressText(password: string): string {
  return createHmac('sha384', 'wp-sha384').update(password).digest('base64')
}

/** The work is a sum of powers of two, each of which is a hash of that cost. */
async function burn(work: number): Promise<void> {
  for (let cost = leastCost; 2 ** cost <= work; cost++)
    if (Math.floor(work / 2 ** cost) % 2 === 1) await computeHash('bcryptHash', randomBytes(18), cost)
}
