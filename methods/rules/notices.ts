import { findIdentity, findIdentityOfUser } from '../../db/identities.js'
import { findCredentials, findInfo } from '../../db/users.js'
import type { Services } from '../../gateway/method.js'
import type { DeliveryHandlers, DeliveryPayloads } from '../../gateway/services/delivery-queue.js'
import { sendRecoveryMail, sendVerificationMail } from './mail-links.js'
import { sendMail } from './mails.js'
import { fromColumns, type Mobile } from './mobiles.js'
import { sendSms } from './sms.js'

/** What each queued message is, when its turn has come. */
export function deliveryHandlers(services: Services): DeliveryHandlers {
  return {
    'recovery-mail': (payload) => mailRecovery(services, payload),
    'verification-mail': (payload) => mailVerification(services, payload),
    'mobile-changed': (payload) => tellOldNumber(services, payload),
    'password-changed': (payload) => tellPasswordChanged(services, payload),
  }
}

async function mailRecovery(services: Services, { email }: DeliveryPayloads['recovery-mail']): Promise<void> {
  const owner = await findIdentity(services.db, 'email', email)
  const user = owner && (await findCredentials(services.db, owner.user_id))
  if (!user || user.user_state === 0) return
  await sendRecoveryMail(services, { userId: user.user_id, email, generation: user.session_generation })
}

async function mailVerification(
  services: Services,
  { email, callback }: DeliveryPayloads['verification-mail'],
): Promise<void> {
  const owner = await findIdentity(services.db, 'email', email)
  if (!owner || owner.verified_at !== null) return
  await sendVerificationMail(services, { userId: owner.user_id, email, generation: 0 }, callback)
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
  { userId }: DeliveryPayloads['password-changed'],
): Promise<void> {
  const zh = '您的账号密码已修改。如果不是您本人操作，请立即重设密码并联系客服。'
  const en =
    'The password of your account was changed. If this was not you, reset it at once and contact our service.'
  const email = await findIdentityOfUser(services.db, 'email', userId)
  if (email && email.verified_at !== null) {
    await sendMail(services, email.value, { subject: '密码已修改 / Password changed', zh: [zh], en: [en] })
    return
  }
  const mobile = await verifiedMobile(services, userId)
  if (mobile) await sendSms(services, mobile, { template: 'password-changed', zh, en })
}

async function verifiedMobile({ db }: Services, userId: number): Promise<Mobile | undefined> {
  const identity = await findIdentityOfUser(db, 'mobile', userId)
  if (!identity || identity.verified_at === null) return undefined
  const info = await findInfo(db, userId)
  const mobile = fromColumns(info?.user_intl ?? null, info?.user_mobile ?? null)
  return mobile.number === '' ? undefined : mobile
}
