import { type MessageUser, findMessageUsers } from '../../../db/nicknames.js'
import { findSettings } from '../../../db/settings.js'
import { insertMessages } from '../../../db/user-messages.js'
import type { Services } from '../../../gateway/services/services.js'
import { noticeRow, type Sending, textBody } from './rows.js'

/** What the system tells a user, in the inbox. */
export interface SystemNotice {
  readonly title: string
  readonly content: string
  /** Milliseconds. */
  readonly at: number
}

/** The setting that says in whose name system notices are sent. */
export const noticeUserKey = 'message_notice_user'

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
  await insertNotice(services, { sender, receiver }, { title, content, at })
}

/** The same where the receiver, and the id of the user in whose name it is sent, are known already. */
export async function sendNoticeTo(
  services: Pick<Services, 'db'>,
  receiver: MessageUser,
  { noticeUserId, ...notice }: SystemNotice & { readonly noticeUserId: number },
): Promise<void> {
  const users = noticeUserId === 0 ? undefined : await findMessageUsers(services.db, [noticeUserId])
  await insertNotice(services, { sender: users?.get(noticeUserId) ?? nobody, receiver }, notice)
}

async function insertNotice(
  { db }: Pick<Services, 'db'>,
  parties: Pick<Sending, 'sender' | 'receiver'>,
  { title, content, at }: SystemNotice,
): Promise<void> {
  await insertMessages(db, [noticeRow({ ...parties, body: textBody(title, content), at })])
}

/** In whose name system notices are sent (account.md §6); 0 for nobody's. */
export async function findNoticeUserId({ db }: Pick<Services, 'db'>): Promise<number> {
  return noticeUserOf(await findSettings(db, [noticeUserKey]))
}

/** The same of settings that were read. */
export function noticeUserOf(settings: ReadonlyMap<string, string>): number {
  return Number(settings.get(noticeUserKey) ?? 0)
}

/** Stands for the notice user while none is configured. */
export const nobody: MessageUser = { user_id: 0, user_nickname: '', user_avatar: '' }
