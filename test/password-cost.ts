import { hash } from '@node-rs/argon2'
import { usualPasswordCost, writePasswordCost } from '../config/password-cost.js'

/** Configuration of a server for tests of what hashes are, or of what happens while they are computed. */
export const usualHashes = { PASSWORD_COST: writePasswordCost(usualPasswordCost) }

/**
 * What hashes cost servers of this environment: as little as argon2 takes, as tests make and compare thousands; in
 * production, which refuses that, what they cost everybody.
 */
export function hashCost(env: Readonly<Record<string, string>>): { readonly PASSWORD_COST: string } {
  return env['NODE_ENV'] === 'production' ? usualHashes : { PASSWORD_COST: 'm=8,t=1,p=1' }
}

/** A hash as servers of tests make it, which they do not replace at a sign-in. */
export function hashQuickly(password: string): Promise<string> {
  return hash(password, { memoryCost: 8, timeCost: 1, parallelism: 1 })
}
