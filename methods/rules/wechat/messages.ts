import { hash } from 'node:crypto'
import { useNonce } from '../../../db/used-tokens.js'
import { transaction } from '../../../db/transaction.js'
import { insertWechatEvent } from '../../../db/wechat-events.js'
import type { Services } from '../../../gateway/services/services.js'
import { type MessageFields, readMessageXml, textOf } from '../../../gateway/services/wechat/messages/xml.js'

/** A message or an event that a user caused, as WeChat's callback brings it. */
export interface WechatMessage {
  readonly appId: string
  readonly fields: MessageFields
  readonly openid: string
  readonly type: string
  /** Of type `event`; else empty. */
  readonly event: string
  /** The same whenever WeChat sends this message again. */
  readonly key: string
}

/** Bytes of a `text` column on MySQL. */
const longestContent = 65_535
const openidForm = /^[\x21-\x7e]{1,100}$/
const typeForm = /^\w{1,32}$/
const eventForm = /^\w{0,64}$/

/** What the callback's XML says, or undefined when it is no message. */
export async function readWechatMessage(xml: string, appId: string): Promise<WechatMessage | undefined> {
  const fields = await readMessageXml(xml)
  if (!fields) return undefined
  const [openid, type, event] = [
    textOf(fields, 'FromUserName'),
    textOf(fields, 'MsgType'),
    textOf(fields, 'Event'),
  ]
  if (!openidForm.test(openid) || !typeForm.test(type) || !eventForm.test(event)) return undefined
  const key = keyOf(fields, appId)
  if (key === undefined || Buffer.byteLength(JSON.stringify(fields)) > longestContent) return undefined
  return { appId, fields, openid, type, event, key }
}

/** Messages have an id; events are told apart by who, when and what, as WeChat recommends. */
function keyOf(fields: MessageFields, appId: string): string | undefined {
  const id = textOf(fields, 'MsgId')
  const time = textOf(fields, 'CreateTime')
  if (id === '' && (time === '' || textOf(fields, 'Event') === '')) return undefined
  const names = id === '' ? ['FromUserName', 'CreateTime', 'Event', 'EventKey', 'MsgID'] : ['MsgId']
  return hash('sha256', JSON.stringify([appId, ...names.map((name) => textOf(fields, name))]), 'hex')
}

/** What makes a request of WeChat's one of its kind; its signature is known to be right. */
export interface SignedRequest {
  readonly timestamp: string
  readonly nonce: string
  readonly signature: string
}

/** How far a request's time may be off, and how long it is remembered (milliseconds). */
const windowMilliseconds = 10 * 60_000

/** Whether a request was signed in these minutes: older ones could be a recording. */
export function isRecent({ timestamp }: SignedRequest, now: number): boolean {
  return /^\d{1,12}$/.test(timestamp) && Math.abs(now - Number(timestamp) * 1000) <= windowMilliseconds
}

class ReplayedRequest extends Error {}

/**
 * Keeps a message, and queues it for the operator's own service where there is one. `again`: it is here already, as
 * WeChat sends one again that was not answered in time. `replayed`: another message came with this very signature,
 * which covers no message in plain mode; nothing is kept. Either way the signature is spent.
 */
export async function keepWechatMessage(
  services: Services,
  message: WechatMessage,
  request: SignedRequest,
): Promise<'new' | 'again' | 'replayed'> {
  const { appId: app_id, openid, key: message_key, type: message_type, event, fields } = message
  const row = { app_id, openid, message_key, message_type, event, content: JSON.stringify(fields) }
  try {
    return await transaction(services, async (services) => {
      const { db, clock, config, queue } = services
      const isNew = await insertWechatEvent(db, { ...row, received_at: clock.now() })
      const isFirst = await spendSignature(services, request)
      // WeChat may send the very same request again.
      if (!isNew) return 'again'
      if (!isFirst) throw new ReplayedRequest()
      if (config.wechat.events) await queue.add(db, 'wechat-event', { messageKey: message_key })
      return 'new'
    })
  } catch (error) {
    if (error instanceof ReplayedRequest) return 'replayed'
    throw error
  }
}

/** Makes a signature good for no message that is not here yet; false when it was spent before. */
export async function spendSignature(
  { db, clock }: Pick<Services, 'db' | 'clock'>,
  { signature }: SignedRequest,
): Promise<boolean> {
  // Not of time and nonce: digits could be moved from one to the other under the same signature.
  return useNonce(db, nonceOwner, hash('sha256', signature), clock.now() + 2 * windowMilliseconds)
}

/** Nonces belong to applications; `*` stands in no name of one. */
const nonceOwner = '*wechat'
