import {
  type Credentials,
  findSignInUser,
  lastOwnersRank,
  type SignInName,
  type SignInUser,
} from '../../../db/credentials.js'
import { GatewayError, isError } from '../../../gateway/outcome/errors.js'
import type { Origin } from '../../../gateway/contract/method.js'
import type { Services } from '../../../gateway/services/services.js'
import { limitKey } from '../../../gateway/services/limits/limit-key.js'
import { readMobile } from '../contacts/account-mobiles.js'
import { auditEntry } from '../audit.js'
import { normaliseEmail } from '../contacts/emails.js'
import { toE164 } from '../contacts/mobiles.js'
import { isKnownNetwork } from '../limits/networks.js'
import type { FailureSubject, SignInWay } from '../limits/login-failures.js'
import { refuseUnknown, verifyPassword } from './passwords/passwords.js'
import { keepSignInRecord } from './sign-in-records.js'

/** The name of somebody who wants to sign in, and a password. */
export interface Claim {
  /** A number, an e-mail address or an account, in any form that a user may write it in (account.md §7). */
  readonly name: string
  readonly password: string
}

/**
 * The user whose name and password these are. Throws PASSWORD_WRONG, for unknown names as well, which take the same
 * time and statements; and TOO_MANY_FAILURES. A wrong password is in the audit.
 */
export async function authenticate(services: Services, claim: Claim, call: Origin): Promise<SignInUser> {
  const name = readSignInName(claim.name)
  const user = await findSignInUser(services.db, name)
  const subject = user ? `${user.user_id}/${wayOf(user, name)}` : digestName(services, claim.name)
  try {
    try {
      await compare(services, user, { ...claim, subject })
    } catch (error) {
      // A network that the user has signed in from before is not paused by failures of strangers (account.md §7).
      const isPaused = isError(error, 'TOO_MANY_FAILURES')
      if (!isPaused || !(await isKnownNetwork(services, user?.user_id ?? 0, call.ip))) throw error
      await compare(services, user, { ...claim, subject: `${subject}|${limitKey(call.ip)}` })
    }
    if (!user) throw new GatewayError('PASSWORD_WRONG')
    return user
  } catch (error) {
    if (isError(error, 'PASSWORD_WRONG') || isError(error, 'TOO_MANY_FAILURES'))
      services.metrics.countSignIn('refused')
    // A try during a pause is not in the audit: anybody can send any number of them, and what began the pause is there.
    // Nor are all failures of a stranger who sprays guesses over many names.
    if (isError(error, 'PASSWORD_WRONG') && services.auditBudget.takes(call.ip)) {
      const event = { outcome: error.key, targetId: user?.user_id ?? 0 }
      await keepSignInRecord(services, { audit: auditEntry(services, call, event) })
    }
    throw error
  }
}

async function compare(
  services: Services,
  user: Credentials | undefined,
  { password, subject }: { readonly password: string; readonly subject: FailureSubject },
): Promise<void> {
  if (user) await verifyPassword(services, user, password, subject)
  else await refuseUnknown(services, String(subject), password)
}

/** What of a user the name is that was written. */
function wayOf({ found_by }: SignInUser, { mobile }: SignInName): SignInWay {
  if (found_by > lastOwnersRank) return 'account'
  return mobile === undefined ? 'email' : 'mobile'
}

/** What a name may mean; an account may look like anything. */
function readSignInName(name: string): SignInName {
  const mobile = readMobile(name)
  return {
    account: name.trimEnd(),
    folded: fold(name),
    ...(mobile && { mobile: toE164(mobile) }),
    ...(name.includes('@') && { email: normaliseEmail(name.trim()) }),
  }
}

/**
 * A name without case, accents and width, as databases may compare accounts. Who is known is found by this form as
 * well: else a name that is written otherwise would be paused only for who does not exist.
 */
function fold(name: string): string {
  const plain = name.normalize('NFKD').replace(/[\p{M}\p{Default_Ignorable_Code_Point}]/gu, '')
  return plain.toLowerCase().replaceAll('ß', 's').trim()
}

/** What failures of an unknown name are counted under. The digest is keyed, as users type passwords here by mistake. */
function digestName({ vault }: Services, name: string): string {
  const mobile = readMobile(name)
  return vault.digest('login-name', mobile ? toE164(mobile) : fold(name))
}
