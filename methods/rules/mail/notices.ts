import { findAddressOwner } from '../../../db/address-owners.js'
import { transaction } from '../../../db/transaction.js'
import { isError } from '../../../gateway/outcome/errors.js'
import { findCredentials } from '../../../db/credentials.js'
import type { Services } from '../../../gateway/services/services.js'
import type {
  DeliveryHandlers,
  DeliveryPayloads,
  NoticeRecipient,
} from '../../../gateway/services/delivery-queue.js'
import { sendRecoveryMail, sendVerificationMail } from './links.js'
import { sendMail } from './mails.js'
import { mailNotices, smsNotices } from './notice-texts.js'
import type { ChannelAddress } from '../limits/addresses.js'
import { grantNotice } from '../limits/notices.js'
import { spendDayBudget } from '../limits/sends.js'
import { toE164 } from '../contacts/mobiles.js'
import { sendSms } from '../contacts/sms.js'

/** What each queued mail and text message says, when its turn has come. */
export function noticeDeliveries(services: Services): Omit<DeliveryHandlers, 'wechat-event'> {
  return {
    'recovery-mail': (payload) => mailRecovery(services, payload),
    'verification-mail': (payload) => mailVerification(services, payload),
    'mobile-added': ({ email }) => mailNotice(services, 'mobile-added', email),
    'mobile-changed': (number) => textNotice(services, 'mobile-changed', number),
    'password-changed': (recipient) => tell(services, 'password-changed', recipient),
    'email-changed': (recipient) => tell(services, 'email-changed', recipient),
    'wechat-changed': (recipient) => tell(services, 'wechat-changed', recipient),
  }
}

async function mailRecovery(services: Services, { email }: DeliveryPayloads['recovery-mail']): Promise<void> {
  const owner = await findAddressOwner(services.db, 'email', email)
  const user = owner && (await findCredentials(services.db, owner.user_id))
  // Whoever claims an address without proof must not be mailed a way into its claimant's account there, nor the reverse.
  if (!user || user.user_state === 0 || owner.verified_at === null) return
  await spendDayBudget(services, { channel: 'mail', whose: 'everybody' })
  await sendRecoveryMail(services, { userId: user.user_id, email, generation: user.session_generation })
}

async function mailVerification(
  services: Services,
  { email, callback }: DeliveryPayloads['verification-mail'],
): Promise<void> {
  const owner = await findAddressOwner(services.db, 'email', email)
  const user = owner && (await findCredentials(services.db, owner.user_id))
  if (!user || owner.verified_at !== null) return
  await spendDayBudget(services, { channel: 'mail', whose: 'strangers' })
  const to = { userId: user.user_id, email, generation: user.session_generation }
  await sendVerificationMail(services, to, callback)
}

type MailTemplate = keyof typeof mailNotices
type TextTemplate = keyof typeof smsNotices

/** Tells a user by whichever of the two there is. */
async function tell(
  services: Services,
  template: MailTemplate & TextTemplate,
  recipient: NoticeRecipient,
): Promise<void> {
  if ('email' in recipient) await mailNotice(services, template, recipient.email)
  else await textNotice(services, template, recipient)
}

async function mailNotice(services: Services, template: MailTemplate, email: string): Promise<void> {
  const { subject, zh, en } = mailNotices[template]
  await tellOnce(services, { address: `mail:${email}`, template }, () =>
    sendMail(services, email, { subject, zh: [zh], en: [en] }),
  )
}

async function textNotice(
  services: Services,
  template: TextTemplate,
  { area, mobile }: Exclude<NoticeRecipient, { readonly email: string }>,
): Promise<void> {
  const number = { area, number: mobile }
  try {
    await tellOnce(services, { address: `sms:${toE164(number)}`, template }, () =>
      sendSms(services, number, { template, ...smsNotices[template] }),
    )
  } catch (error) {
    // A number that is not texted is not told, now or later.
    if (!isError(error, 'MOBILE_FORM')) throw error
  }
}

/** Sends a notice unless its address has been told often enough. */
async function tellOnce(
  services: Services,
  { address, template }: { readonly address: ChannelAddress; readonly template: string },
  send: () => Promise<void>,
): Promise<void> {
  const granted = await grantNotice(services, address, template)
  if (!granted) return
  try {
    await send()
  } catch (error) {
    await transaction(services, (services) => granted.giveBack(services))
    throw error
  }
  granted.confirm()
}
