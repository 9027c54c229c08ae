import type { MessageUser } from '../../../db/nicknames.js'
import { type MessageBody, messageKinds, messageTypes, type NewMessage } from '../../../db/user-messages.js'

/** A message on its way. */
export interface Sending {
  readonly sender: MessageUser
  readonly receiver: MessageUser
  readonly body: MessageBody
  /** Milliseconds. */
  readonly at: number
}

/** A body of nothing but text. */
export function textBody(title: string, content: string): MessageBody {
  return {
    message_parent_id: 0,
    message_title: title,
    message_content: content,
    message_cat: 'text',
    message_data_type: 0,
    message_data_id: '',
    message_length: 0,
    message_w: 0,
    message_h: 0,
  }
}

/** The sender's own row of a message, in the outbox: the sender has read it. */
export function outboxRow({ sender, receiver, body, at }: Sending): NewMessage {
  return {
    ...body,
    ...betweenUsers(sender, receiver),
    message_kind: messageKinds.sent,
    message_type: messageTypes.user,
    message_time: at,
    message_is_read: 1,
    message_is_delete: 0,
  }
}

/** The receiver's row. */
export function inboxRow({ sender, receiver, body, at }: Sending): NewMessage {
  return {
    ...body,
    ...betweenUsers(receiver, sender),
    message_kind: messageKinds.received,
    message_type: messageTypes.user,
    message_time: at,
    message_is_read: 0,
    message_is_delete: 0,
  }
}

/** A system notice; there is no row of the user in whose name it is sent. */
export function noticeRow(sending: Sending): NewMessage {
  return { ...inboxRow(sending), message_type: messageTypes.system }
}

function betweenUsers(own: MessageUser, other: MessageUser) {
  return {
    user_id: own.user_id,
    user_nickname: own.user_nickname,
    user_other_id: other.user_id,
    user_other_nickname: other.user_nickname,
  }
}
