import type { Services } from '../../../gateway/services/services.js'
import { sendCode } from './codes.js'
import { type Mobile, toE164 } from '../contacts/mobiles.js'
import type { ChannelAddress } from '../limits/addresses.js'
import type { Sender } from '../limits/send-limits.js'
import { sendSms } from '../contacts/sms.js'
import { requireTextable } from '../contacts/textable.js'
import { GatewayError } from '../../../gateway/outcome/errors.js'
import { isFromOwner } from '../limits/networks.js'

/** After these a caller may see whether a country's codes are sent again. */
const stopSeconds = 600

/** The address that a number's codes are kept under. */
export function smsAddress(mobile: Mobile): ChannelAddress {
  return `sms:${toE164(mobile)}`
}

/**
 * Texts a code for a purpose, any if absent (account.md §7), to a number and waits for the vendor. Throws MOBILE_FORM for
 * a number that is not texted, TOO_MANY_REQUESTS for a stranger's wish while codes to its country are stopped, and as
 * `sendCode` does.
 */
export async function sendSmsCode(
  services: Services,
  { mobile, purpose = '' }: { readonly mobile: Mobile; readonly purpose?: string | undefined },
  sender: Sender,
): Promise<void> {
  const { codeConversion, config } = services
  const { minutes } = config.codes
  const country = requireTextable(services, mobile)
  if (codeConversion.isStopped(country) && !(await isFromOwner(services, smsAddress(mobile), sender)))
    throw new GatewayError('TOO_MANY_REQUESTS', { retryAfter: stopSeconds })
  await sendCode(services, {
    address: smsAddress(mobile),
    sender,
    purpose,
    deliver: (code) =>
      sendSms(services, mobile, {
        template: 'code',
        code,
        zh: `您的验证码是${code}，${minutes}分钟内有效，请勿告诉他人。`,
        en: `Your code is ${code}. It is valid for ${minutes} minutes. Tell it to nobody.`,
      }),
  })
  codeConversion.countSent(country)
}
