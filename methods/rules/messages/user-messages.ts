import { transaction } from '../../../db/transaction.js'
import { hasMessages, markRead } from '../../../db/unread-messages.js'
import { findOwnMessage, insertMessage, type UserMessageRow } from '../../../db/user-messages.js'
import type { Services } from '../../../gateway/services/services.js'
import { unreadKey } from '../../../gateway/services/live/message-signals.js'
import type { Contracts } from '../../../schemas/contracts.js'
import { readDraft } from './drafts.js'
import { describeSentMessage } from './descriptions.js'
import { findParties } from './receivers.js'
import { inboxRow, outboxRow } from './rows.js'
import { spendLimits, type UsageLimit } from '../limits/usage.js'

type Add = Contracts['front.account.userMessage.add']

/**
 * Sends a message to another user: a row in the sender's outbox and one in the receiver's inbox, both or none. Throws
 * MESSAGE_TOO_LONG, FIELD_REFUSED, USER_NOT_EXISTS, TOO_MANY_REQUESTS.
 */
export async function sendUserMessage(
  services: Services,
  userId: number,
  params: Add['params'],
): Promise<Add['result']> {
  const { cache, config } = services
  const body = readDraft(params)
  const { sender, receiver, outbox, messageId, otherId } = await transaction(services, async (services) => {
    const { db, clock } = services
    // Before the receiver is looked for: who may write no more is not told who exists.
    await spendLimits(services, senderLimits(services, userId))
    const { sender, receiver } = await findParties(services, userId, params)
    const sending = { sender, receiver, body, at: clock.now() }
    const outbox = outboxRow(sending)
    const messageId = await insertMessage(db, outbox)
    return { sender, receiver, outbox, messageId, otherId: await insertMessage(db, inboxRow(sending)) }
  })
  cache.drop(unreadKey(receiver.user_id))
  const pictures = { user_avatar: sender.user_avatar, user_other_avatar: receiver.user_avatar }
  return describeSentMessage({ ...outbox, ...pictures, message_id: messageId }, otherId, config.publicUrl)
}

/** What one user may send; counted in the database, so exact on all nodes. */
function senderLimits({ config }: Pick<Services, 'config'>, userId: number): UsageLimit[] {
  const { perMinute, perDay } = config.messages
  return [
    { name: `minute:message:${userId}`, points: perMinute, seconds: 60 },
    { name: `day:message:${userId}`, points: perDay, seconds: 86_400 },
  ]
}

/** A user's own message as it was before this call, which marks it as read; undefined for another's. */
export async function readOwnMessage(
  services: Pick<Services, 'db' | 'cache'>,
  userId: number,
  messageId: number,
): Promise<UserMessageRow | undefined> {
  const message = await findOwnMessage(services.db, { userId, messageId })
  if (message?.message_is_read === 0) await markMessagesRead(services, userId, { messageId })
  return message
}

/**
 * Marks what a user received as read: one message, what one user wrote, or all; false when there is nothing of it, read
 * or not (account-beside.md §7).
 */
export async function markMessagesRead(
  { db, cache }: Pick<Services, 'db' | 'cache'>,
  userId: number,
  which: Parameters<typeof markRead>[2],
): Promise<boolean> {
  const marked = await markRead(db, userId, which)
  if (marked > 0) cache.drop(unreadKey(userId))
  return marked > 0 || hasMessages(db, userId, which)
}
