import { hash } from '@node-rs/argon2'
import { usualPasswordCost, writePasswordCost } from '../config/password-cost.js'

/** Configuration of a server whose hashes cost as little as argon2 takes: tests make and compare thousands. */
export const quickHashes = { PASSWORD_COST: 'm=8,t=1,p=1' }

/** Configuration of a server for tests of what hashes are, or of what happens while they are computed. */
export const usualHashes = { PASSWORD_COST: writePasswordCost(usualPasswordCost) }

/** A hash as servers with `quickHashes` make it, which they do not replace at a sign-in. */
export function hashQuickly(password: string): Promise<string> {
  return hash(password, { memoryCost: 8, timeCost: 1, parallelism: 1 })
}
