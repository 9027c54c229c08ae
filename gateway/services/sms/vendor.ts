import { request as requestHttp } from 'node:http'
import { request as requestHttps } from 'node:https'
import type { SmsTemplateIds } from '../../../config/config.js'
import { GatewayError } from '../../outcome/errors.js'
import { MessageTooLong, readBytes } from '../../wire/message-bytes.js'
import { MessageRefused, type Sms } from './sms-sender.js'

/** Of an answer; all that vendors have to say is far shorter. */
const mostBytes = 64 * 1024

/** A vendor's answer; `json` is undefined when the body is none. */
export interface VendorAnswer {
  readonly status: number
  readonly json: unknown
}

interface VendorRequest {
  readonly headers: Readonly<Record<string, string>>
  readonly body?: string
  /** Milliseconds. */
  readonly patience: number
}

/**
 * POSTs to a vendor. Throws SEND_FAILED when no whole answer of 64 KiB at most comes in time, whatever the reason.
 *
 * By Node's own client, as `fetch` takes five times as much of the processor; connections are kept for the next.
 */
export async function callVendor(provider: string, url: string, sent: VendorRequest): Promise<VendorAnswer> {
  try {
    return await post(url, sent)
  } catch (error) {
    // Not kept as the cause: it may quote the URL, which holds the number and the code, or a key.
    throw new GatewayError('SEND_FAILED', { detail: `${provider}: ${reasonOf(error)}` })
  }
}

class Late extends Error {
  override readonly name = 'Late'
}

function post(url: string, { headers, body = '', patience }: VendorRequest): Promise<VendorAnswer> {
  const request = url.startsWith('https:') ? requestHttps : requestHttp
  const length = { 'Content-Length': Buffer.byteLength(body) }
  return new Promise((resolve, reject) => {
    const call = request(url, { method: 'POST', headers: { ...headers, ...length } })
    const fail = (error: Error) => {
      reject(error)
      call.destroy()
    }
    // Not AbortSignal.timeout: its timer goes on after the answer, and then makes an error for nobody.
    const timer = setTimeout(() => fail(new Late()), patience)
    call
      .once('close', () => clearTimeout(timer))
      .once('response', (answer) => {
        readBytes(answer, mostBytes).then((bytes) => {
          resolve({ status: answer.statusCode ?? 0, json: parseJson(decoder.decode(bytes)) })
        }, fail)
      })
      .on('error', reject)
      .end(body)
  })
}

const decoder = new TextDecoder()

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function reasonOf(error: unknown): string {
  if (error instanceof Late) return 'no answer in time'
  if (error instanceof MessageTooLong) return 'ANSWER_TOO_LONG'
  return textAt(error, 'code') ?? textAt(error, 'cause', 'code') ?? 'no answer'
}

/** The text that an answer has at this place, if it has one there. */
export function textAt(value: unknown, ...path: readonly (string | number)[]): string | undefined {
  let found = value
  for (const name of path) {
    if (typeof found !== 'object' || found === null) return undefined
    found = Reflect.get(found, name)
  }
  return typeof found === 'string' ? found : undefined
}

/** Whether an answer is a success in both ways there are to say so: its status, and the code in its body. */
export function isAccepted({ status }: VendorAnswer, code: string | undefined, success: string): boolean {
  return status === 200 && code === success
}

/**
 * What a vendor's refusal becomes.
 *
 * @param ofMessage the vendor's codes that say something of this message only
 */
export function refusalOf(
  provider: string,
  { status }: VendorAnswer,
  code: string | undefined,
  ofMessage: RegExp,
): GatewayError {
  // A text that does not look like an error code could be anything, the number too; `OK` is the code of no error.
  const isCode = code !== undefined && /^(?!ok$)[A-Za-z][\w.-]{0,99}$/i.test(code)
  const detail = `${provider}: ${isCode ? code : `HTTP ${status}`}`
  return isCode && ofMessage.test(code)
    ? new MessageRefused(detail)
    : new GatewayError('SEND_FAILED', { detail })
}

/**
 * The vendor's id of a message's template. Vendors approve templates for the mainland and for abroad apart; where only
 * one is configured, it is for both. Throws MessageRefused when there is none.
 */
export function templateIdFor(provider: string, ids: SmsTemplateIds, { area, template }: Sms): string {
  const abroad = area === '86' ? undefined : ids[`${template}-abroad`]
  const id = abroad ?? ids[template]
  if (id === undefined) throw new MessageRefused(`${provider}: no template for ${template}`)
  return id
}
