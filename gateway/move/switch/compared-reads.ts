import { randomBytes } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import { findContractDocument } from '../../contract/find-document.js'
import { compareLiveAnswers } from '../compare/compare-live-answers.js'
import type { Noise } from '../compare/noise.js'
import type { BodyHead } from '../proxy/call-body.js'
import { createSender } from '../replay/send-call.js'
import { decodeBody } from '../traffic/decoded-body.js'
import { headerOf } from '../traffic/exchange.js'
import { createRedaction } from '../traffic/redaction.js'
import type { ReadAnswer } from './outcome.js'

interface ComparedReadsOptions {
  readonly old: URL
  /** The share of reads that are asked twice, from 0 to 1. */
  readonly sample: number
  readonly noise: Noise
  readonly compared: (method: string, differs: boolean) => void
}

/** Asks the old server too what the new one was asked, where asking changes nothing. */
export interface ComparedReads {
  compare(method: string, call: IncomingMessage, exchange: ReadExchange): void
  close(): void
}

interface ReadExchange {
  readonly head: BodyHead | undefined
  readonly answer: ReadAnswer
}

/** Questions that wait for the old server at once; more are left out. */
const mostAsked = 4
const mostUnpacked = 1024 * 1024

/** Whether a contract says that calling the method changes nothing, and that its answer ends. */
export function isRead(method: string): boolean {
  const document = findContractDocument(method)
  return document?.['x-safe'] === true && !document['x-stream']
}

export function createComparedReads({ old, sample, noise, compared }: ComparedReadsOptions): ComparedReads {
  const sender = createSender(old, mostAsked)
  // Nothing of it is kept: what both answers hold is only compared.
  const redaction = createRedaction(randomBytes(32))
  const readable = ({ status, headers, body }: ReadAnswer) =>
    redaction.answer({
      status,
      headers,
      body: decodeBody(body, headerOf(headers, 'content-encoding'), mostUnpacked),
    })
  let asked = 0
  const ask = async (method: string, call: IncomingMessage, { head, answer }: ReadExchange) => {
    const { answer: other } = await sender.send({
      verb: call.method ?? 'GET',
      url: call.url ?? '/',
      headers: headersOf(call),
      body: head === undefined || head.bytes.length === 0 ? undefined : head.bytes.toString('utf8'),
    })
    const found = compareLiveAnswers(readable(other), readable(answer))
    compared(method, noise.without(method, found).length > 0)
  }
  return {
    compare(method, call, exchange) {
      const { head, answer } = exchange
      const isWhole = answer.body !== undefined && (head === undefined || head.isWhole)
      if (!isWhole || asked >= mostAsked || !isRead(method) || Math.random() >= sample) return
      asked++
      // What the old server does not answer says nothing of the new one.
      void ask(method, call, exchange)
        .catch(() => {})
        .finally(() => asked--)
    },
    close: () => sender.close(),
  }
}

/** As they were sent, but for those of one connection and the body's length, which is said anew. */
function headersOf({ rawHeaders }: IncomingMessage): Record<string, string> {
  const headers: Record<string, string> = {}
  for (let at = 0; at < rawHeaders.length; at += 2) {
    const name = rawHeaders[at] ?? ''
    if (/^(?:connection|keep-alive|content-length|transfer-encoding|expect)$/i.test(name)) continue
    headers[name.toLowerCase()] = rawHeaders[at + 1] ?? ''
  }
  return headers
}
