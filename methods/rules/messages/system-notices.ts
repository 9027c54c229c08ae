import { type MessageUser, findMessageUsers } from '../../../db/nicknames.js'
import { findSettings } from '../../../db/settings.js'
import { insertMessages } from '../../../db/user-messages.js'
import type { Services } from '../../../gateway/services/services.js'
import { noticeRow, textBody } from './rows.js'

/** What the system tells a user, in the inbox. */
export interface SystemNotice {
  readonly title: string
  readonly content: string
  /** Milliseconds. */
  readonly at: number
}

/** Puts a notice into a user's inbox, in the caller's transaction. */
export async function sendSystemNotice(
  services: Pick<Services, 'db'>,
  userId: number,
  { title, content, at }: SystemNotice,
): Promise<void> {
  const { db } = services
  const noticeUserId = await findNoticeUserId(services)
  const users = await findMessageUsers(db, [userId, noticeUserId])
  const receiver = users.get(userId)
  if (!receiver) throw new Error('a notice is for a user')
  const sender = users.get(noticeUserId) ?? nobody
  await insertMessages(db, [noticeRow({ sender, receiver, body: textBody(title, content), at })])
}

/** In whose name system notices are sent (account.md §6); 0 for nobody's. */
export async function findNoticeUserId({ db }: Pick<Services, 'db'>): Promise<number> {
  const key = 'message_notice_user'
  return Number((await findSettings(db, [key])).get(key) ?? 0)
}

/** Stands for the notice user while none is configured. */
export const nobody: MessageUser = { user_id: 0, user_nickname: '', user_avatar: '' }
