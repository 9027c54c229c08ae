import { randomBytes } from 'node:crypto'
import { type ParsedHashOptions, parseOptions } from '@node-rs/argon2'
import { type PasswordCost, writePasswordCost } from '../../../../config/password-cost.js'
import { computeHash } from './hash-threads.js'
import type { SlowHash } from './slow-hash.js'

/** argon2id in PHC form. The binding's defaults are the id variant and v1.3. */
export function hashArgon2id(text: string, { memory, passes, lanes }: PasswordCost): Promise<string> {
  return computeHash('argon2Hash', text, { memoryCost: memory, timeCost: passes, parallelism: lanes })
}

/** Whether a stored hash is of `hashArgon2id` at this cost. */
export function hasCost(stored: string, cost: PasswordCost): boolean {
  return stored.startsWith(`$argon2id$v=19$${writePasswordCost(cost)}$`)
}

export function verifyArgon2(phc: string, text: string): Promise<boolean> {
  return computeHash('argon2Verify', phc, text)
}

/** An argon2 hash of another cost or variant, as PHP's `password_hash` makes; undefined for what is none. */
export function readArgon2(stored: string): SlowHash | undefined {
  const options = /^\$argon2(?:i|id)\$/.test(stored) ? parsed(stored) : undefined
  if (!options) return undefined
  const { memoryCost, timeCost, parallelism, algorithm } = options
  const form = stored.startsWith('$argon2id$') ? 'argon2id' : 'argon2i'
  return {
    form,
    family: `${form},m=${memoryCost},p=${parallelism}`,
    work: timeCost,
    verify: (password) => computeHash('argon2Verify', stored, password),
    async burn(work) {
      const options = { memoryCost, timeCost: work, parallelism, algorithm }
      await computeHash('argon2Hash', randomBytes(18), options)
    },
  }
}

function parsed(stored: string): ParsedHashOptions | undefined {
  try {
    return parseOptions(stored)
  } catch {
    return undefined
  }
}
