import type { Services } from '../../../gateway/services/services.js'
import { sendCode } from './codes.js'
import { normaliseEmail, requireEmail } from '../contacts/emails.js'
import { sendMail } from '../mail/mails.js'
import type { ChannelAddress } from '../limits/addresses.js'
import type { Sender } from '../limits/send-limits.js'
import { loadSiteName } from '../settings/site-info.js'

/** The address that an e-mail address's codes are kept under. */
export function mailAddress(email: string): ChannelAddress {
  return `mail:${normaliseEmail(email)}`
}

/**
 * Mails a code for a purpose, any if absent (account.md §7), to an address and waits for the mail server. Throws
 * EMAIL_FORM, and as `sendCode` does.
 */
export async function sendMailCode(
  services: Services,
  { email, purpose = '' }: { readonly email: string; readonly purpose?: string | undefined },
  sender: Sender,
): Promise<void> {
  const { minutes } = services.config.codes
  // To the very address that the code is kept under: letters that fold together may be two mailboxes.
  const to = requireEmail(email)
  const siteName = await loadSiteName(services)
  await sendCode(services, {
    address: mailAddress(to),
    sender,
    purpose,
    deliver: (code) =>
      sendMail(services, to, {
        subject: `${siteName} 注册验证码`.trim(),
        zh: [`您的验证码是${code}，${minutes}分钟内有效，请勿告诉他人。`],
        en: [`Your code is ${code}. It is valid for ${minutes} minutes. Tell it to nobody.`],
      }),
  })
}
