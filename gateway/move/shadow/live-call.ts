import type { Exchange } from '../traffic/exchange.js'
import { isForm } from '../traffic/call-parameters.js'
import type { ReadCall } from '../record/files.js'
import type { RecordedAnswer, RecordedCall } from '../traffic/recorded-call.js'

/** Headers between a client and the server that it called, which are none of another server's. */
const ofConnection = new Set([
  'host',
  'connection',
  'keep-alive',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
  'expect',
  'content-length',
  'accept-encoding',
  // The proxy's own word to the candidate.
  'x-shadow',
  'x-forwarded-for',
])

/** The call as it was made, in the form in which recorded calls are made again. */
export function liveCall(exchange: Exchange, { method, app, owners }: RecordedCall): ReadCall {
  const { verb, url, headers, body, answer, at, took, client } = exchange
  const sent = headersByName(headers)
  return {
    at: 0,
    moment: at,
    took,
    method,
    app,
    owners,
    verb,
    url,
    keepsSignature: true,
    headers: { ...sent, 'x-forwarded-for': client },
    ...(body && body.length > 0 && isText(sent['content-type']) && { body: { text: body.toString('utf8') } }),
    answer: liveAnswer(answer),
  }
}

/** An answer as it came. */
export function liveAnswer({ status, body }: Exchange['answer']): RecordedAnswer {
  return { status, headers: {}, body: { text: body?.toString('utf8') ?? '' } }
}

/** Whether a body holds values that may have to be replaced; any other goes on as it is. */
function isText(type = ''): boolean {
  return isForm(type) || /^application\/json\b/i.test(type)
}

function headersByName(headers: readonly string[]): Record<string, string> {
  const byName: Record<string, string> = {}
  for (let at = 0; at < headers.length; at += 2) {
    const name = (headers[at] ?? '').toLowerCase()
    if (ofConnection.has(name)) continue
    const before = byName[name]
    const value = headers[at + 1] ?? ''
    byName[name] = before === undefined ? value : `${before}${name === 'cookie' ? '; ' : ', '}${value}`
  }
  return byName
}
