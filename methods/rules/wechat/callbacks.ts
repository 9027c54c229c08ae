import type { Services } from '../../../gateway/services/services.js'
import {
  decryptMessage,
  isMessageSigned,
  type MessageKey,
} from '../../../gateway/services/wechat/messages/crypto.js'
import { readMessageXml, textOf } from '../../../gateway/services/wechat/messages/xml.js'
import type { RawAnswer } from '../../../schemas/contract-document.js'
import {
  isRecent,
  keepWechatMessage,
  readWechatMessage,
  type SignedRequest,
  spendSignature,
} from './messages.js'
import { sealReply, writeReply } from './replies.js'

/** The official account as its callback knows it. */
interface CallbackAccount {
  readonly appId: string
  /** The one that the request is signed with. */
  readonly token: string
  /** Newest first. Where there is one, all messages come encrypted; else they come plain. */
  readonly aesKeys: readonly Buffer[]
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
 * WeChat waits five seconds. 403 for what is old, repeated with another message, or not encrypted by a key of
 * ours where there is one; 400 for what is no message. A signature is good for one message, whatever came with it first.
 */
export async function receiveMessage(
  services: Services,
  account: CallbackAccount,
  request: CallbackRequest,
): Promise<RawAnswer> {
  const { clock } = services
  if (!isRecent(request, clock.now())) return answerText(403, '')
  const opened = await readXml(services, account, request)
  const message = opened && (await readWechatMessage(opened.xml, account.appId))
  if (!message) {
    await spendSignature(services, request)
    return answerText(opened ? 400 : 403, '')
  }
  const outcome = await keepWechatMessage(services, message, request)
  if (outcome === 'replayed') return answerText(403, '')
  const reply = outcome === 'new' ? await writeReply(services, message) : undefined
  if (reply === undefined) return answerText(200, received)
  const { key } = opened
  const answer = key ? sealReply(reply, account.token, { key, now: clock.now() }) : reply
  return answerText(200, answer, 'application/xml')
}

/** Answers WeChat's question whether this is the address (GET); its signature is not to do for a message. */
export async function answerCheck(
  services: Pick<Services, 'db' | 'clock'>,
  request: SignedRequest & { readonly echostr: string },
): Promise<RawAnswer> {
  if (isRecent(request, services.clock.now())) await spendSignature(services, request)
  return answerText(200, request.echostr)
}

/** A message as XML, and the key that it came under, which answers it. */
interface Opened {
  readonly xml: string
  readonly key?: MessageKey
}

/** Undefined when a message is not encrypted by a key of ours where there is one, or is where there is none. */
async function readXml(
  { log }: Services,
  account: CallbackAccount,
  request: CallbackRequest,
): Promise<Opened | undefined> {
  const isEncrypted = request.encrypt_type === 'aes'
  const hasKey = account.aesKeys.length > 0
  if (isEncrypted === hasKey) return hasKey ? openBody(request, account) : { xml: request.body }
  log.warn(
    { reason: isEncrypted ? 'encrypted, without an AES key' : 'plain, with an AES key' },
    'a message does not come as WECHAT_MP_AES_KEY says',
  )
  return undefined
}

async function openBody(
  { body, timestamp, nonce, msg_signature }: CallbackRequest,
  { appId, token, aesKeys }: CallbackAccount,
): Promise<Opened | undefined> {
  const encrypted = textOf((await readMessageXml(body)) ?? {}, 'Encrypt')
  if (encrypted === '' || !isMessageSigned(token, [timestamp, nonce, encrypted], msg_signature))
    return undefined
  for (const aesKey of aesKeys) {
    const key = { aesKey, appId }
    const xml = decryptMessage(encrypted, key)
    if (xml !== undefined) return { xml, key }
  }
  return undefined
}
