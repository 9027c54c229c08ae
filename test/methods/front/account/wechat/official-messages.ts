import { createCipheriv, createDecipheriv, createHash, randomBytes, randomInt } from 'node:crypto'
import type { HttpAnswer } from '../../../../fetch-answer.js'
import type { TestGateway } from '../../../../harness.js'
import { wechatApps } from '../../../../servers/wechat/wechat.js'

/** Where WeChat sends what users do. */
export const indexPath = '/front/account/wechat/index'

const { appId, token } = wechatApps.official
const keyOf = (aesKey: string = wechatApps.official.aesKey) => Buffer.from(`${aesKey}=`, 'base64')

export interface Fields {
  readonly [name: string]: string | number
}

/** What WeChat adds to the address of its callback; a test forges it by other tokens, times and nonces. */
export interface Signing {
  readonly token?: string
  /** Unix seconds; the gateway's clock if absent. */
  readonly timestamp?: string
  readonly nonce?: string
}

/** The SHA-1 of texts in alphabetical order: WeChat's signature, computed apart from the gateway's code. */
export function sign(...texts: readonly string[]): string {
  return createHash('sha1')
    .update(texts.toSorted((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b))).join(''))
    .digest('hex')
}

/** The query of a request of WeChat's. */
export function signedQuery(
  gateway: { readonly clock: Pick<TestGateway['clock'], 'now'> },
  signing: Signing = {},
): Record<string, string> {
  const timestamp = signing.timestamp ?? String(Math.floor(gateway.clock.now() / 1000))
  const nonce = signing.nonce ?? String(randomInt(1e9))
  return { signature: sign(signing.token ?? token, timestamp, nonce), timestamp, nonce }
}

/** A text message as WeChat writes it. */
export function textMessage(fields: Fields = {}): string {
  return writeXml({
    ToUserName: 'gh_680bdefc8c5d',
    FromUserName: 'oIDrpjpQ8j8mBuQ8nM26HWzNEZgg',
    CreateTime: 1414243737,
    MsgType: 'text',
    Content: '你好',
    MsgId: String(randomInt(1e12)),
    ...fields,
  })
}

/** An event as WeChat writes it. */
export function eventMessage(fields: Fields = {}): string {
  return writeXml({
    ToUserName: 'gh_680bdefc8c5d',
    FromUserName: `o${randomBytes(12).toString('hex')}`,
    CreateTime: 1414243737,
    MsgType: 'event',
    Event: 'subscribe',
    EventKey: '',
    ...fields,
  })
}

export function writeXml(fields: Fields): string {
  const lines = Object.entries(fields).map(([name, value]) =>
    typeof value === 'number' ? `<${name}>${value}</${name}>` : `<${name}><![CDATA[${value}]]></${name}>`,
  )
  return `<xml>${lines.join('\n')}</xml>`
}

/** Sends a body as WeChat does, the query signed. */
export function post(
  gateway: TestGateway,
  body: string,
  query: Readonly<Record<string, string>> = signedQuery(gateway),
): Promise<HttpAnswer> {
  const headers = { 'Content-Type': 'text/xml' }
  const target = `${indexPath}?${new URLSearchParams(query).toString()}`
  return gateway.request(target, { method: 'POST', headers, body })
}

/** What a message in safe mode is sealed with; the official account's own where absent. */
interface SealedBy {
  readonly app?: string
  readonly messageToken?: string
  /** EncodingAESKey. */
  readonly aesKey?: string
}

/** Sends a message in safe mode. */
export function postSealed(
  gateway: TestGateway,
  message: string,
  { app = appId, messageToken = token, aesKey, ...signing }: Signing & SealedBy = {},
): Promise<HttpAnswer> {
  const query = signedQuery(gateway, signing)
  const Encrypt = seal(message, app, keyOf(aesKey))
  const msg_signature = sign(messageToken, query['timestamp'] ?? '', query['nonce'] ?? '', Encrypt)
  const body = writeXml({ ToUserName: 'gh_680bdefc8c5d', Encrypt })
  return post(gateway, body, { ...query, encrypt_type: 'aes', msg_signature })
}

function seal(message: string, app: string, key: Buffer): string {
  const text = Buffer.from(message, 'utf8')
  const plain = Buffer.concat([randomBytes(16), Buffer.alloc(4), text, Buffer.from(app)])
  plain.writeInt32BE(text.length, 16)
  const missing = 32 - (plain.length % 32)
  const cipher = createCipheriv('aes-256-cbc', key, key.subarray(0, 16)).setAutoPadding(false)
  const padded = Buffer.concat([plain, Buffer.alloc(missing, missing)])
  return Buffer.concat([cipher.update(padded), cipher.final()]).toString('base64')
}

/** The text of an element, CDATA or not. */
export function elementOf(xml: string, name: string): string {
  const [, text = ''] = new RegExp(`<${name}>(.*?)</${name}>`, 's').exec(xml) ?? []
  return text.replace(/^<!\[CDATA\[(.*)\]\]>$/s, '$1')
}

/** The message within a sealed answer. Throws when its signature is wrong. */
export function openAnswer(
  xml: string,
  { messageToken = token, aesKey }: Omit<SealedBy, 'app'> = {},
): string {
  const key = keyOf(aesKey)
  const encrypted = elementOf(xml, 'Encrypt')
  const signature = sign(messageToken, elementOf(xml, 'TimeStamp'), elementOf(xml, 'Nonce'), encrypted)
  if (signature !== elementOf(xml, 'MsgSignature')) throw new Error(`a wrong signature: ${xml}`)
  const decipher = createDecipheriv('aes-256-cbc', key, key.subarray(0, 16)).setAutoPadding(false)
  const padded = Buffer.concat([decipher.update(Buffer.from(encrypted, 'base64')), decipher.final()])
  const plain = padded.subarray(16, padded.length - (padded.at(-1) ?? 0))
  const end = 4 + plain.readInt32BE(0)
  if (plain.subarray(end).toString() !== appId) throw new Error(`for another app: ${plain.toString()}`)
  return plain.subarray(4, end).toString('utf8')
}
