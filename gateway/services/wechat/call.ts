import { readAnswerText } from '../answer-text.js'
import { type Fields, parseObject, toNumber } from './fields.js'

/** One call of WeChat's API. */
export interface WechatCall {
  readonly path: string
  readonly query: Readonly<Record<string, string>>
  /** Sent as JSON by POST; absent, the call is a GET. */
  readonly body?: object
  /** Whether the call spends a code that is good for once. */
  readonly spendsCode?: boolean
}

/** Nobody can say anything of the call itself: WeChat, or the way to it, is in trouble. */
export interface Trouble {
  readonly kind: 'failed'
  readonly reason: string
  /** Whether the call may be made a second time. A code may have been spent once WeChat has got the call. */
  readonly repeat: 'always' | 'unless a code is spent'
}

export type CallOutcome =
  | { readonly kind: 'answered'; readonly answer: Fields }
  | { readonly kind: 'refused'; readonly errcode: number }
  | Trouble

const busy = -1

/** Makes a call, once, and waits `patience` milliseconds at most; what goes wrong is an outcome, never an error. */
export async function callOnce(
  apiUrl: string,
  { path, query, body }: WechatCall,
  patience: number,
): Promise<CallOutcome> {
  const url = `${apiUrl}${path}?${new URLSearchParams(query).toString()}`
  const post = { method: 'POST', body: JSON.stringify(body), headers: { 'Content-Type': 'application/json' } }
  const init = { redirect: 'manual', signal: AbortSignal.timeout(patience), ...(body && post) } as const
  let response: Response
  try {
    response = await fetch(url, init)
  } catch (error) {
    // Only its code is kept: the error may quote the URL, which holds the secret.
    const reason = reasonOf(error)
    return { kind: 'failed', reason, repeat: reason === tooLate ? 'unless a code is spent' : 'always' }
  }
  const text = await readAnswerText(response).catch(() => undefined)
  if (response.status !== 200) return trouble(`HTTP ${response.status}`)
  return text === undefined ? trouble('no whole answer') : readAnswer(text)
}

/** WeChat answers errors with HTTP 200 too, and calls its JSON text/plain at times. */
function readAnswer(text: string): CallOutcome {
  const answer = parseObject(text)
  if (answer === undefined) return trouble('no JSON')
  const errcode = toNumber(answer['errcode'] ?? 0)
  if (errcode === undefined) return trouble('no error code')
  if (errcode === 0) return { kind: 'answered', answer }
  if (errcode === busy) return { kind: 'failed', reason: String(busy), repeat: 'always' }
  return { kind: 'refused', errcode }
}

function trouble(reason: string): Trouble {
  return { kind: 'failed', reason, repeat: 'unless a code is spent' }
}

const tooLate = 'no answer in time'

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return 'no answer'
  if (error.name === 'TimeoutError') return tooLate
  const { cause } = error
  return cause instanceof Error && 'code' in cause ? String(cause.code) : 'no answer'
}
