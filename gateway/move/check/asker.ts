import { setTimeout as sleep } from 'node:timers/promises'
import { createSender } from '../replay/send-call.js'
import { textAt, readAnswer, type WireAnswer } from './wire-answer.js'
import type { WireCall } from './wire-call.js'

export interface AskerOptions {
  readonly server: URL
  /** Connections at once. */
  readonly concurrency: number
  /** Calls a second, at most; as fast as it goes if absent. */
  readonly pace: number | undefined
  /** Milliseconds that an answer may take. */
  readonly timeout: number
  /** Milliseconds that one call may wait in all where the server says that there were too many. */
  readonly patience: number
}

/** Sends the calls of checks to one server. */
export interface Asker {
  /** Rejects where no answer comes. */
  ask(call: WireCall): Promise<WireAnswer>
  /** How often it waited because there were too many calls. */
  readonly waits: number
  close(): void
}

/** Opens nothing yet. */
export function createAsker(options: AskerOptions): Asker {
  const { server, concurrency, timeout, patience } = options
  const sender = createSender(server, concurrency, timeout)
  const wait = createPace(options.pace)
  let waits = 0
  const ask = async (call: WireCall): Promise<WireAnswer> => {
    for (let waited = 0, pause = 1000; ; pause *= 2) {
      await wait()
      const { answer } = await sender.send(preparedOf(call))
      const read = readAnswer(answer.status, answer.headers, answer.body ?? Buffer.alloc(0))
      const delay = retryDelay(read, pause)
      if (delay === undefined || waited + delay > patience) return read
      waits++
      waited += delay
      await sleep(delay)
    }
  }
  return {
    ask,
    get waits() {
      return waits
    },
    close: () => sender.close(),
  }
}

/** Lets so many pass in a second, one after the other. */
function createPace(pace: number | undefined): () => Promise<void> {
  let next = 0
  return async () => {
    if (pace === undefined) return
    const now = performance.now()
    const own = Math.max(now, next)
    next = own + 1000 / pace
    if (own > now) await sleep(own - now)
  }
}

function preparedOf({ verb, path, query, form, json, headers = {} }: WireCall) {
  const body = form ?? json
  const type = json === undefined ? 'application/x-www-form-urlencoded' : 'application/json'
  const own = body === undefined ? {} : { 'content-type': type }
  return {
    verb,
    url: query === undefined ? path : `${path}?${query}`,
    headers: { accept: '*/*', 'user-agent': 'passport-gateway move check', ...own, ...headers },
    body,
  }
}

/** Milliseconds to wait before the call is made again: the server limits calls in one of the wire's two ways. */
function retryDelay({ status, headers, tree }: WireAnswer, pause: number): number | undefined {
  const isLimited = status === 429 || status === 503 || textAt(tree, 'code') === '9999991'
  if (!isLimited) return undefined
  const seconds = Number(headers['retry-after'] ?? Number.NaN)
  return Number.isFinite(seconds) && seconds >= 0 ? Math.max(100, seconds * 1000) : pause
}
