import { findTotp, listPasskeys, listRecoveryCodes, type PasskeyRow } from '../../../db/second-factors.js'
import type { Services } from '../../../gateway/services/services.js'

/** The second factors that an administrator has set up. */
export interface Factors {
  readonly hasTotp: boolean
  readonly passkeys: readonly PasskeyRow[]
  /** How many recovery codes are left. */
  readonly recoveryCodes: number
}

export async function findFactors({ db }: Pick<Services, 'db'>, userId: number): Promise<Factors> {
  const totp = await findTotp(db, userId)
  const passkeys = await listPasskeys(db, userId)
  const codes = await listRecoveryCodes(db, userId)
  return { hasTotp: totp !== undefined && totp.secret !== '', passkeys, recoveryCodes: codes.length }
}

/** Recovery codes stand in for a factor and are none by themselves. */
export function hasFactor({ hasTotp, passkeys }: Factors): boolean {
  return hasTotp || passkeys.length > 0
}
