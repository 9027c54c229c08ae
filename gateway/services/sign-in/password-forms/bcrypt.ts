import { createHmac, randomBytes } from 'node:crypto'
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
    async verify(password) {
      const { verify } = await loadBcrypt()
      return verify(wordpress === undefined ? password : wordpressText(password), encoded)
    },
    burn,
  }
}

function wordpressText(password: string): string {
  return createHmac('sha384', 'wp-sha384').update(password).digest('base64')
}

/** Machine code that most servers never need. */
function loadBcrypt() {
  return import('@node-rs/bcrypt')
}

/** The work is a sum of powers of two, each of which is a hash of that cost. */
async function burn(work: number): Promise<void> {
  const { hash } = await loadBcrypt()
  for (let cost = leastCost; 2 ** cost <= work; cost++)
    if (Math.floor(work / 2 ** cost) % 2 === 1) await hash(randomBytes(18), cost)
}
