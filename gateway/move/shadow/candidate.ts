import type { PreparedCall } from '../replay/prepare-call.js'
import { createSender, type SentBody, type SentCall } from '../replay/send-call.js'

export interface CandidateOptions {
  readonly url: URL
  /** Calls at once. */
  readonly places: number
  /** Milliseconds that an answer may take. */
  readonly patience: number
  /** Whether it is known to send nothing, as a copy of the old server is that reaches nobody, and need not say so. */
  readonly sendsNothing: boolean
  /** What opens its outbox from another machine. */
  readonly token: string | undefined
}

/** The server that is asked beside the old one. It may be away, hang, answer nonsense or be another one by now. */
export interface Candidate {
  /** Why no call may go there now; undefined where it may. */
  obstacle(): string | undefined
  /** Rejects where no whole answer comes in time. */
  send(call: SentBody): Promise<SentCall>
  /** The newest code that it would have sent to an address; undefined where none is known. */
  codeSentTo(address: string): Promise<string | undefined>
  /** Resolves when it has been looked at for the first time. */
  ready(): Promise<void>
  close(): void
}

/** Answers that fail to come one after the other, before it is left alone. */
const mostFailures = 3
/** Milliseconds between two looks at it. */
const pause = 1000
/** Milliseconds that a look may take. */
const lookPatience = 2000

const uncaptured = 'it does not say that it is captured (OUTSIDE=captured)'

/** Looks at the candidate every second, as another one may have been started in its place. */
export function createCandidate(options: CandidateOptions): Candidate {
  const { url, places, patience, sendsNothing, token } = options
  const sender = createSender(url, places, patience)
  const looking = createSender(url, 2, lookPatience)
  let reason: string | undefined = 'it was not looked at yet'
  let failures = 0
  const look = async () => {
    try {
      const { answer } = await looking.send(plainCall(sendsNothing ? '/' : '/readyz'))
      reason = sendsNothing ? undefined : obstacleOf(answer.status, answer.body)
      failures = 0
    } catch {
      reason = 'it is away'
    }
  }
  const first = look()
  let isLooking = true
  const lookAgain = async () => {
    if (isLooking) return
    isLooking = true
    await look()
    isLooking = false
  }
  void first.then(() => (isLooking = false))
  const timer = setInterval(() => void lookAgain(), pause)
  return {
    obstacle: () => reason,
    async send(call) {
      try {
        const sent = await sender.send(call)
        if (sent.answer.status === 412 && !sendsNothing) reason = uncaptured
        failures = 0
        return sent
      } catch (error) {
        if (++failures >= mostFailures) reason = 'it is away'
        throw error
      }
    },
    async codeSentTo(address) {
      const call = plainCall(`/outbox?address=${encodeURIComponent(address)}`, token)
      const sent = await looking.send(call).catch(() => undefined)
      return sent && newestCode(sent.answer.body)
    },
    ready: () => first,
    close() {
      clearInterval(timer)
      sender.close()
      looking.close()
    },
  }
}

function plainCall(url: string, token?: string): PreparedCall {
  const headers = { accept: 'application/json', ...(token && { authorization: `Bearer ${token}` }) }
  return { verb: 'GET', url, headers, body: undefined }
}

function obstacleOf(status: number, body: Buffer | undefined): string | undefined {
  const state = readJson(body)
  const isCaptured =
    typeof state === 'object' && state !== null && 'outside' in state && state.outside === 'captured'
  if (!isCaptured) return uncaptured
  return status === 200 ? undefined : 'it is not ready'
}

/** The code in the newest message of an outbox: the digits that stand by themselves. */
function newestCode(body: Buffer | undefined): string | undefined {
  const messages = readJson(body)
  if (!Array.isArray(messages)) return undefined
  for (const message of messages as readonly unknown[]) {
    const text = typeof message === 'object' && message !== null && 'text' in message ? message.text : ''
    const [, code] = /(?<!\d)(\d{4,8})(?!\d)/.exec(String(text)) ?? []
    if (code !== undefined) return code
  }
  return undefined
}

function readJson(body: Buffer | undefined): unknown {
  try {
    return JSON.parse(body?.toString('utf8') ?? '')
  } catch {
    return undefined
  }
}
