import type { ListedMessageRow } from '../../../db/listed-messages.js'
import { messageKinds, type UserMessageRow } from '../../../db/user-messages.js'
import { cleanText } from './texts.js'
import { absolutePictureAddress } from '../profiles/picture-addresses.js'
import { chatUidOf } from '../profiles/own-profile.js'

/** A message as it is stored, its text fit to be shown. */
export function describeMessage(row: UserMessageRow) {
  return describeFields(cleanRow(row))
}

/** Read once for all the places where an answer shows it. */
function cleanRow<Row extends UserMessageRow>(row: Row): Row {
  return { ...row, message_content: cleanText(row.message_content) }
}

function describeFields(row: UserMessageRow) {
  return {
    message_cat: row.message_cat,
    message_content: row.message_content,
    message_data_id: row.message_data_id,
    message_data_type: row.message_data_type,
    message_h: row.message_h,
    message_id: row.message_id,
    message_is_delete: row.message_is_delete !== 0,
    message_is_read: row.message_is_read !== 0,
    message_kind: row.message_kind,
    message_length: row.message_length,
    message_parent_id: row.message_parent_id,
    message_time: row.message_time,
    message_title: row.message_title,
    message_type: row.message_type,
    message_w: row.message_w,
    user_id: row.user_id,
    user_nickname: row.user_nickname,
    user_other_id: row.user_other_id,
    user_other_nickname: row.user_other_nickname,
  }
}

/** A message of a list: with the pictures of both users. */
export function describeListedMessage(row: ListedMessageRow, publicUrl: string) {
  return Object.assign(describeMessage(row), describePictures(row, publicUrl))
}

/** A message of a chat (account.md §6): what the chat windows of the front ends draw. */
export function describeChatMessage(stored: ListedMessageRow, publicUrl: string) {
  const row = cleanRow(stored)
  return {
    type: 'user' as const,
    msg: {
      // The H5 site's names (account-beside.md §7 rule 3).
      id: row.message_id,
      type: row.message_cat === 'redpack' ? 'redEnvelope' : row.message_cat,
      ...describeSentMessage(row, 0, publicUrl),
    },
    message_kind: row.message_kind,
    message_content: row.message_content,
    message_time: row.message_time,
    ...describePictures(row, publicUrl),
    user_nickname: row.user_nickname,
    user_other_nickname: row.user_other_nickname,
  }
}

/**
 * A message that is cleaned, with all that the front ends read of one (account.md §6). `otherId`: the number of the
 * other user's own row, which is known of one that was just sent; else 0.
 */
export function describeSentMessage(row: ListedMessageRow, otherId: number, publicUrl: string) {
  return {
    message_other_id: otherId,
    content: describeContent(row),
    userinfo: describeAuthor(row, publicUrl),
    msg_row: describeFields(row),
    num: 1,
    ...describePictures(row, publicUrl),
    ...describeFields(row),
  }
}

function describePictures(row: ListedMessageRow, publicUrl: string) {
  return {
    user_avatar: absolutePictureAddress(row.user_avatar ?? '', publicUrl),
    user_other_avatar: absolutePictureAddress(row.user_other_avatar ?? '', publicUrl),
  }
}

/** Who wrote a message: the owner of a row in the outbox, the other one of a row in the inbox. */
function describeAuthor(row: ListedMessageRow, publicUrl: string) {
  const { user_avatar: own, user_other_avatar: other } = describePictures(row, publicUrl)
  return row.message_kind === messageKinds.sent
    ? { username: row.user_nickname ?? '', uid: chatUidOf(row.user_id), face: own }
    : { username: row.user_other_nickname ?? '', uid: chatUidOf(row.user_other_id ?? 0), face: other }
}

/** What a chat window shows; of a product only its number is ours, the rest is the shop's. */
function describeContent(row: UserMessageRow) {
  const text = row.message_content ?? ''
  const dataId = row.message_data_id ?? ''
  const isItem = row.message_cat === 'item' && /^\d{1,15}$/.test(dataId)
  return {
    message_content: text,
    text,
    message_w: row.message_w ?? 0,
    message_h: row.message_h ?? 0,
    message_length: row.message_length ?? 0,
    item_id: isItem ? Number(dataId) : 0,
    item_unit_price: 0,
    product_item_name: '',
    product_image: '',
  }
}
