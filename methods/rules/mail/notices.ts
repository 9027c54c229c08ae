import { findIdentity } from '../../../db/identities.js'
import { findCredentials } from '../../../db/credentials.js'
import type { Services } from '../../../gateway/services/services.js'
import type { DeliveryHandlers, DeliveryPayloads } from '../../../gateway/services/delivery-queue.js'
import { sendRecoveryMail, sendVerificationMail } from './links.js'
import { sendMail } from './mails.js'
import { spendDayBudget } from '../limits/sends.js'
import { sendSms } from '../contacts/sms.js'

/** What each queued mail and text message says, when its turn has come. */
export function noticeDeliveries(services: Services): Omit<DeliveryHandlers, 'wechat-event'> {
  return {
    'recovery-mail': (payload) => mailRecovery(services, payload),
    'verification-mail': (payload) => mailVerification(services, payload),
    'mobile-added': (payload) => tellNumberAdded(services, payload),
    'mobile-changed': (payload) => tellOldNumber(services, payload),
    'password-changed': (payload) => tellPasswordChanged(services, payload),
    'email-changed': (payload) => tellEmailChanged(services, payload),
    'wechat-changed': (payload) => tellWechatChanged(services, payload),
  }
}

async function mailRecovery(services: Services, { email }: DeliveryPayloads['recovery-mail']): Promise<void> {
  const owner = await findIdentity(services.db, 'email', email)
  const user = owner && (await findCredentials(services.db, owner.user_id))
  if (!user || user.user_state === 0) return
  await spendDayBudget(services, 'mail')
  await sendRecoveryMail(services, { userId: user.user_id, email, generation: user.session_generation })
}

async function mailVerification(
  services: Services,
  { email, callback }: DeliveryPayloads['verification-mail'],
): Promise<void> {
  const owner = await findIdentity(services.db, 'email', email)
  const user = owner && (await findCredentials(services.db, owner.user_id))
  if (!user || owner.verified_at !== null) return
  await spendDayBudget(services, 'mail')
  const to = { userId: user.user_id, email, generation: user.session_generation }
  await sendVerificationMail(services, to, callback)
}

async function tellNumberAdded(
  services: Services,
  { email }: DeliveryPayloads['mobile-added'],
): Promise<void> {
  await sendMail(services, email, {
    subject: '已绑定手机号码 / Mobile number added',
    zh: ['您的账号已绑定手机号码。如果不是您本人操作，请立即重设密码并联系客服。'],
    en: [
      'A mobile number was added to your account. If this was not you, reset your password and contact our service at once.',
    ],
  })
}

async function tellOldNumber(
  services: Services,
  { area, mobile }: DeliveryPayloads['mobile-changed'],
): Promise<void> {
  await sendSms(
    services,
    { area, number: mobile },
    {
      template: 'mobile-changed',
      zh: '您的账号已改用新的手机号码，此号码不再与账号绑定。如果不是您本人操作，请立即联系客服。',
      en: 'Your account now uses another mobile number. If this was not you, contact our service at once.',
    },
  )
}

async function tellPasswordChanged(
  services: Services,
  recipient: DeliveryPayloads['password-changed'],
): Promise<void> {
  const zh = '您的账号密码已修改。如果不是您本人操作，请立即重设密码并联系客服。'
  const en =
    'The password of your account was changed. If this was not you, reset it at once and contact our service.'
  if ('email' in recipient) {
    await sendMail(services, recipient.email, {
      subject: '密码已修改 / Password changed',
      zh: [zh],
      en: [en],
    })
    return
  }
  const { area, mobile } = recipient
  await sendSms(services, { area, number: mobile }, { template: 'password-changed', zh, en })
}

/** The old address is told, and where there was none, the number. */
async function tellEmailChanged(
  services: Services,
  recipient: DeliveryPayloads['email-changed'],
): Promise<void> {
  if ('email' in recipient) {
    await sendMail(services, recipient.email, {
      subject: '邮箱已更改 / E-mail address changed',
      zh: ['您的账号已改用新的邮箱，此邮箱不再与账号绑定。如果不是您本人操作，请立即联系客服。'],
      en: ['Your account now uses another e-mail address. If this was not you, contact our service at once.'],
    })
    return
  }
  const { area, mobile } = recipient
  const zh = '您的账号已绑定新的邮箱。如果不是您本人操作，请立即联系客服。'
  const en = 'An e-mail address was added to your account. If this was not you, contact our service at once.'
  await sendSms(services, { area, number: mobile }, { template: 'email-changed', zh, en })
}

async function tellWechatChanged(
  services: Services,
  recipient: DeliveryPayloads['wechat-changed'],
): Promise<void> {
  const zh = '您的账号绑定的微信已更改。如果不是您本人操作，请立即联系客服。'
  const en =
    'A WeChat was added to or removed from your account. If this was not you, contact our service at once.'
  if ('email' in recipient) {
    await sendMail(services, recipient.email, {
      subject: '微信绑定已更改 / WeChat binding changed',
      zh: [zh],
      en: [en],
    })
    return
  }
  const { area, mobile } = recipient
  await sendSms(services, { area, number: mobile }, { template: 'wechat-changed', zh, en })
}
