import { type MessageUser, findMessageUsers } from '../../../db/nicknames.js'
import { transaction } from '../../../db/transaction.js'
import { insertMessages, type MessageBody } from '../../../db/user-messages.js'
import { GatewayError } from '../../../gateway/outcome/errors.js'
import type { Services } from '../../../gateway/services/services.js'
import { unreadKey } from '../../../gateway/services/live/message-signals.js'
import { inboxRow, noticeRow, outboxRow } from './rows.js'
import { findNoticeUserId, nobody } from './system-notices.js'

/** A message of another system to many users. */
export interface Broadcast {
  /** Without duplicates. */
  readonly userIds: readonly number[]
  /** Whose message it is; absent: a system notice. */
  readonly senderId?: number | undefined
  readonly body: MessageBody
}

/** Sends to all known users, all or nothing. Throws USER_NOT_EXISTS for an unknown sender. */
export async function sendToAll(
  services: Pick<Services, 'db' | 'cache' | 'clock'>,
  broadcast: Broadcast,
): Promise<{ readonly sent: number; readonly unknown: number[] }> {
  const { userIds, body } = broadcast
  const at = services.clock.now()
  const receivers = await transaction(services, async (services) => {
    const { db } = services
    const known = await findMessageUsers(db, userIds)
    const sender = await findSender(services, broadcast)
    const sendings = [...known.values()].map((receiver) => ({ sender, receiver, body, at }))
    const isNotice = broadcast.senderId === undefined
    await insertMessages(
      db,
      isNotice
        ? sendings.map(noticeRow)
        : sendings.flatMap((sending) => [outboxRow(sending), inboxRow(sending)]),
    )
    return known
  })
  for (const userId of receivers.keys()) services.cache.drop(unreadKey(userId))
  return { sent: receivers.size, unknown: userIds.filter((userId) => !receivers.has(userId)) }
}

async function findSender(services: Pick<Services, 'db'>, { senderId }: Broadcast): Promise<MessageUser> {
  const userId = senderId ?? (await findNoticeUserId(services))
  const sender = (await findMessageUsers(services.db, [userId])).get(userId)
  if (!sender && senderId !== undefined) throw new GatewayError('USER_NOT_EXISTS')
  return sender ?? nobody
}
