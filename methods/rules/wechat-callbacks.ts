import type { Services } from '../../gateway/method.js'
import {
  decryptMessage,
  isMessageSigned,
  type MessageKey,
} from '../../gateway/services/wechat/message-crypto.js'
import { readMessageXml, textOf } from '../../gateway/services/wechat/message-xml.js'
import type { RawAnswer } from '../../schemas/contract-document.js'
import { isRecent, keepWechatMessage, readWechatMessage, type SignedRequest } from './wechat-messages.js'
import { sealReply, writeReply } from './wechat-replies.js'

/** The official account as its callback knows it. */
interface CallbackAccount {
  readonly appId: string
  readonly token: string
  /** Absent where messages come plain only. */
  readonly aesKey?: Buffer
}

/** A POST of WeChat's whose `signature` is right. */
interface CallbackRequest extends SignedRequest {
  readonly encrypt_type: string
  readonly msg_signature: string
  readonly body: string
}

/** What WeChat takes for "received, nothing to answer". */
const received = 'success'

/** An answer to WeChat, which wants no envelope: text that is neither kept nor taken for a page. */
export function answerText(status: number, body: string, type = 'text/plain'): RawAnswer {
  const headers = ['Content-Type', `${type}; charset=utf-8`, 'Cache-Control', 'no-store']
  return { status, headers: [...headers, 'X-Content-Type-Options', 'nosniff'], body }
}

/**
 * Takes a message in (account.md §9): keeps it once and answers what the operator has set, all from the database, as
 * WeChat waits five seconds. 403 for what is old, repeated with another message, or not encrypted by our key; 400 for
 * what is no message.
 */
export async function receiveMessage(
  services: Services,
  account: CallbackAccount,
  request: CallbackRequest,
): Promise<RawAnswer> {
  const { clock, log } = services
  if (!isRecent(request, clock.now())) return answerText(403, '')
  const key = request.encrypt_type === 'aes' ? keyOf(account) : undefined
  if (request.encrypt_type === 'aes' && !key)
    log.warn({ reason: 'no AES key' }, 'WeChat encrypts its messages, but no key for them is configured')
  const xml = request.encrypt_type === 'aes' ? key && openBody(request, account.token, key) : request.body
  if (xml === undefined) return answerText(403, '')
  const message = readWechatMessage(xml, account.appId)
  if (!message) return answerText(400, '')
  const outcome = await keepWechatMessage(services, message, request)
  if (outcome === 'replayed') return answerText(403, '')
  const reply = outcome === 'new' ? await writeReply(services, message) : undefined
  if (reply === undefined) return answerText(200, received)
  const answer = key ? sealReply(reply, account.token, { key, now: clock.now() }) : reply
  return answerText(200, answer, 'application/xml')
}

function keyOf({ aesKey, appId }: CallbackAccount): MessageKey | undefined {
  return aesKey && { aesKey, appId }
}

function openBody(
  { body, timestamp, nonce, msg_signature }: CallbackRequest,
  token: string,
  key: MessageKey,
): string | undefined {
  const encrypted = textOf(readMessageXml(body) ?? {}, 'Encrypt')
  if (encrypted === '' || !isMessageSigned(token, [timestamp, nonce, encrypted], msg_signature))
    return undefined
  return decryptMessage(encrypted, key)
}
