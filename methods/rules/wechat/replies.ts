import { randomBytes } from 'node:crypto'
import type { Services } from '../../../gateway/services/services.js'
import {
  encryptMessage,
  type MessageKey,
  signMessage,
} from '../../../gateway/services/wechat/messages/crypto.js'
import { textOf, writeMessageXml } from '../../../gateway/services/wechat/messages/xml.js'
import { loadWechatReply } from '../settings/message-settings.js'
import type { WechatMessage } from './messages.js'

/** The text message that answers a message by what the operator has set, or undefined for none. */
export async function writeReply(
  services: Pick<Services, 'db' | 'cache' | 'clock'>,
  { fields, type, event }: WechatMessage,
): Promise<string | undefined> {
  const setting = settingFor(type, event)
  const text = setting && (await loadWechatReply(services, setting))
  if (!text) return undefined
  return writeMessageXml({
    ToUserName: textOf(fields, 'FromUserName'),
    FromUserName: textOf(fields, 'ToUserName'),
    CreateTime: Math.floor(services.clock.now() / 1000),
    MsgType: 'text',
    Content: text,
  })
}

function settingFor(type: string, event: string) {
  if (type === 'text') return 'wechat_reply_text'
  return type === 'event' && event === 'subscribe' ? 'wechat_reply_subscribe' : undefined
}

/** The envelope of an answer in AES mode, signed as WeChat's own requests are. */
export function sealReply(
  reply: string,
  token: string,
  { key, now }: { key: MessageKey; now: number },
): string {
  const encrypted = encryptMessage(reply, key)
  const timestamp = Math.floor(now / 1000)
  const nonce = randomBytes(8).toString('hex')
  return writeMessageXml({
    Encrypt: encrypted,
    MsgSignature: signMessage([token, String(timestamp), nonce, encrypted]),
    TimeStamp: timestamp,
    Nonce: nonce,
  })
}
