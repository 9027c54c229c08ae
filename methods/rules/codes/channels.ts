import type { SignInName } from '../../../db/credentials.js'
import type { Origin } from '../../../gateway/contract/method.js'
import { GatewayError } from '../../../gateway/outcome/errors.js'
import type { Services } from '../../../gateway/services/services.js'
import { readMobile } from '../contacts/account-mobiles.js'
import { type CodeAttempt, takeCode } from './attempts.js'
import { readEmail } from '../contacts/emails.js'
import { mailAddress } from './mail.js'
import { type Mobile, toE164 } from '../contacts/mobiles.js'
import type { ChannelAddress } from '../limits/addresses.js'
import { smsAddress } from './sms.js'

/** A number or an e-mail address, as `verify_key` names it: codes are sent there, and a user owns it. */
export interface CodeChannel {
  /** What sent codes are kept under. */
  readonly address: ChannelAddress
  /** What a new owner registers with: one of the two. */
  readonly ways: { readonly mobile: Mobile } | { readonly email: string }
  /** What an owner is found by. */
  readonly name: SignInName
}

/** What a code may have been asked for (account.md §7). */
export type CodePurpose = 'login' | 'register' | 'reset' | 'bind' | 'unbind'

/** Reads a mobile number, in any form of account.md §7. Undefined for what is none. */
export function readMobileChannel(text: string): CodeChannel | undefined {
  const mobile = readMobile(text)
  return mobile && { address: smsAddress(mobile), ways: { mobile }, name: { mobile: toE164(mobile) } }
}

/** Reads an e-mail address, in any case of its letters. Undefined for what is none. */
export function readEmailChannel(text: string): CodeChannel | undefined {
  const email = readEmail(text)
  return email === undefined ? undefined : { address: mailAddress(email), ways: { email }, name: { email } }
}

/** Uses up the code that was sent there. Throws as `takeCode` does, and CODE_MISSING. */
export async function takeChannelCode(
  services: Services,
  attempt: CodeAttempt & { readonly purpose: CodePurpose },
  call: Origin,
): Promise<void> {
  // An empty field is no guess, so it costs none.
  if (attempt.code === '') throw new GatewayError('CODE_MISSING')
  await takeCode(services, attempt, call)
}
