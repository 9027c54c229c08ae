import { type Credentials, findSignInUser, type SignInName } from '../../db/users.js'
import { GatewayError } from '../../gateway/errors.js'
import type { MethodName, Services } from '../../gateway/method.js'
import { readMobile } from './account-mobiles.js'
import { recordAudit } from './audit.js'
import { normaliseEmail } from './emails.js'
import { toE164 } from './mobiles.js'
import { refuseUnknown, verifyPassword } from './passwords.js'

/** Somebody who says who he is, and his password. */
export interface Claim {
  /** A number, an e-mail address or an account, in any form that a user may write it in (account.md §7). */
  readonly name: string
  readonly password: string
  readonly ip: string
  /** The method's name, for the audit. */
  readonly action: MethodName
}

/**
 * The user whose name and password these are. Throws PASSWORD_WRONG, for unknown names as well, which take the same
 * time and statements; and TOO_MANY_FAILURES. A wrong password is in the audit.
 */
export async function authenticate(services: Services, claim: Claim): Promise<Credentials> {
  const { db } = services
  const user = await findSignInUser(db, readSignInName(claim.name))
  try {
    if (!user) return await refuseUnknown(services, digestName(services, claim.name), claim.password)
    await verifyPassword(services, user, claim.password)
    return user
  } catch (error) {
    // Not a try during a pause: what began it is, and of these there are as many as somebody likes to send.
    if (error instanceof GatewayError && error.error === 'PASSWORD_WRONG') {
      const { action, ip } = claim
      await recordAudit(db, services, { action, outcome: error.error, targetId: user?.user_id ?? 0, ip })
    }
    throw error
  }
}

/** What a name may mean; an account may look like anything. */
function readSignInName(name: string): SignInName {
  const mobile = readMobile(name)
  return {
    account: name.trimEnd(),
    ...(mobile && { mobile: toE164(mobile) }),
    ...(name.includes('@') && { email: normaliseEmail(name.trim()) }),
  }
}

/**
 * What failures of an unknown name are counted under. Forms that would mean the same user are one, as databases compare
 * accounts: without case and accents. Keyed, as a user may have typed his password here.
 */
function digestName({ vault }: Services, name: string): string {
  const mobile = readMobile(name)
  const folded = name.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase().trim()
  return vault.digest('login-name', mobile ? toE164(mobile) : folded)
}
