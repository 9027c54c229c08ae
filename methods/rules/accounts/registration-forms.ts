import type { Origin } from '../../../gateway/contract/method.js'
import { GatewayError } from '../../../gateway/outcome/errors.js'
import type { Services } from '../../../gateway/services/services.js'
import { takeCaptcha } from '../codes/captchas.js'
import { type CodeChannel, readEmailChannel, readMobileChannel, takeChannelCode } from '../codes/channels.js'
import type { Registration } from './new-accounts.js'
import { bindTypes } from './registrations.js'

/** Accounts that can be chosen; older ones may look like anything (account.md §7). */
const accountForm = /^[A-Za-z0-9_]{4,32}$/

/** What a filled-in form asks for. */
export interface RegistrationRequest {
  /** What the new user is to be known by. */
  readonly ways: Pick<Registration, 'account' | 'mobile' | 'email'>
  /** Uses up the code that proves it. Throws as `takeChannelCode` or `takeCaptcha` does. */
  readonly prove: (services: Services, call: Origin) => Promise<void>
}

interface RegistrationForm {
  readonly bindType: number
  readonly userAccount?: string
  /** The number or the address; of an account the key of a picture. */
  readonly verifyKey?: string
  readonly verifyCode?: string
}

/**
 * Reads a registration (account.md §7). Throws BIND_TYPE_WRONG, MOBILE_FORM, EMAIL_FORM, ACCOUNT_FORM, and
 * CODE_OF_ANOTHER when the code is to be another number's or address's.
 */
export function readRegistrationForm({
  bindType,
  userAccount = '',
  verifyKey = '',
  verifyCode = '',
}: RegistrationForm): RegistrationRequest {
  if (bindType === bindTypes.account) {
    const ways = { account: checkAccount(userAccount) }
    return { ways, prove: (services) => takeCaptcha(services, verifyKey, verifyCode) }
  }
  const channel = readNewChannel(bindType, verifyKey || userAccount)
  const named = readMobileChannel(userAccount) ?? readEmailChannel(userAccount)
  if (named && named.address !== channel.address) throw new GatewayError('CODE_OF_ANOTHER')
  const chosen = named || userAccount === '' ? {} : { account: checkAccount(userAccount) }
  return {
    ways: { ...channel.ways, ...chosen },
    prove: (services, call) =>
      takeChannelCode(services, { address: channel.address, code: verifyCode, purpose: 'register' }, call),
  }
}

function readNewChannel(bindType: number, text: string): CodeChannel {
  if (bindType !== bindTypes.mobile && bindType !== bindTypes.email) throw new GatewayError('BIND_TYPE_WRONG')
  const channel = bindType === bindTypes.mobile ? readMobileChannel(text) : readEmailChannel(text)
  if (!channel) throw new GatewayError(bindType === bindTypes.mobile ? 'MOBILE_FORM' : 'EMAIL_FORM')
  return channel
}

/** Throws ACCOUNT_FORM for what no new account may be. */
export function checkAccount(account: string): string {
  if (!accountForm.test(account))
    throw new GatewayError('ACCOUNT_FORM', { detail: 'userAccount: 4 to 32 letters, digits and _' })
  return account
}
