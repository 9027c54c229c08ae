import type { MessageUser } from '../../../db/nicknames.js'
import { findSettings } from '../../../db/settings.js'
import type { InTransaction } from '../../../db/transaction.js'
import type { Services } from '../../../gateway/services/services.js'
import { noticeUserKey, noticeUserOf, sendNoticeTo } from '../messages/system-notices.js'
import type { GrowthReason } from '../profiles/growth-histories.js'
import { growthKeys, reward } from './growth.js'

/**
 * Gives a newcomer, in the caller's transaction, what every one is given: points and experience, and a message.
 * `signsIn`: the first sign-in of the day is rewarded as well.
 */
export async function welcome(
  services: InTransaction<Services>,
  newcomer: MessageUser,
  { signsIn }: { readonly signsIn?: true },
): Promise<void> {
  const { db, clock } = services
  const settings = await findSettings(db, [...growthKeys, noticeUserKey])
  const reasons: readonly GrowthReason[] = signsIn ? ['registration', 'signIn'] : ['registration']
  await reward(services, { userId: newcomer.user_id, reasons, settings, isNew: true })
  await sendNoticeTo(services, newcomer, {
    title: '欢迎 / Welcome',
    content: '欢迎您注册成为会员！ / Welcome, your account is ready.',
    at: clock.now(),
    noticeUserId: noticeUserOf(settings),
  })
}
