import type { Services } from '../../../gateway/services/services.js'
import { sendCode } from './codes.js'
import { type Mobile, toE164 } from '../contacts/mobiles.js'
import type { ChannelAddress } from '../limits/addresses.js'
import type { Sender } from '../limits/sends.js'
import { sendSms } from '../contacts/sms.js'

/** The address that a number's codes are kept under. */
export function smsAddress(mobile: Mobile): ChannelAddress {
  return `sms:${toE164(mobile)}`
}

/** Texts a code for a purpose, any if absent (account.md §7), to a number and waits for the vendor. Throws as `sendCode` does. */
export async function sendSmsCode(
  services: Services,
  { mobile, purpose = '' }: { readonly mobile: Mobile; readonly purpose?: string | undefined },
  sender: Sender,
): Promise<void> {
  const { minutes } = services.config.codes
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
}
