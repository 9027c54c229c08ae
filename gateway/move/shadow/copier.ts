import { randomBytes } from 'node:crypto'
import { createNoise } from '../compare/noise.js'
import { type PreparedCall, prepareCall, wasSuccess } from '../replay/prepare-call.js'
import type { SentBody, SentCall } from '../replay/send-call.js'
import { createTally, type Tally } from '../report/tally.js'
import { type Exchange, headerOf } from '../traffic/exchange.js'
import { unpacked } from '../traffic/observe-exchange.js'
import { matcherOf } from '../compare/method-patterns.js'
import type { ReadCall } from '../record/files.js'
import type { RecordedCall } from '../traffic/recorded-call.js'
import { createRedaction } from '../traffic/redaction.js'
import { splitOnce } from '../traffic/split-once.js'
import { valueKindOf } from '../traffic/sensitive.js'
import { type Candidate, createCandidate } from './candidate.js'
import { compareCopy, type Comparing } from './compare-copy.js'
import { liveAnswer, liveCall } from './live-call.js'
import { createLiveValues } from './live-values.js'
import { addressesOf, isTextedCode } from './sent-codes.js'
import { type MethodEffects, readMethodEffects } from './method-effects.js'
import type { CopySettings, CopyFigures } from './copy-settings.js'
import { createUserOrder } from './user-order.js'

/** Makes each call that the old server has answered at the candidate too, and compares the answers. */
export interface Copier {
  /** Resolves when the candidate has been looked at for the first time. */
  ready(): Promise<void>
  /** Takes an exchange, or leaves it out; returns at once. */
  take(exchange: Exchange): void
  figures(): CopyFigures
  /** Ends within the candidate's patience or two. */
  close(): Promise<void>
}

interface Copying extends Omit<CopySettings, 'noise'>, Comparing {
  readonly candidate: Candidate
  readonly effects: MethodEffects
  readonly wants: (method: string) => boolean
  readonly secretsByApp: ReadonlyMap<string, string>
}

/** One call on its way. */
interface Copy {
  readonly exchange: Exchange
  /** As a record would hold it. */
  readonly hidden: RecordedCall
  readonly call: ReadCall
  readonly isWrite: boolean
}

/** Calls that may wait for the candidate, and the bytes of their bodies. */
const mostWaiting = 2000
const mostBytes = 64 * 1024 * 1024

export function createCopier(settings: CopySettings): Copier {
  const { candidateUrl, concurrency: places, patience, sendsNothing, token, noise, methods } = settings
  const copying: Copying = {
    ...settings,
    candidate: createCandidate({ url: new URL(candidateUrl), places, patience, sendsNothing, token }),
    values: createLiveValues(),
    redaction: createRedaction(randomBytes(32)),
    effects: readMethodEffects(),
    noise: createNoise(noise),
    tally: createTally(),
    delay: { most: 0 },
    wants: matcherOf(methods),
    secretsByApp: new Map(settings.secrets),
  }
  const { tally, candidate, effects } = copying
  const order = createUserOrder(places)
  let waitingBytes = 0
  return {
    ready: () => candidate.ready(),
    take(packed) {
      const exchange = unpacked(packed)
      const hidden = copying.redaction.call(exchange, 0)
      if (!copying.wants(hidden.method)) return
      const copy: Copy = {
        exchange,
        hidden,
        call: liveCall(exchange, hidden),
        isWrite: !effects.isSafe(hidden.method),
      }
      const isDone = copy.isWrite && wasSuccess(copy.call.answer)
      const bytes = sizeOf(exchange)
      if (order.waiting >= mostWaiting || waitingBytes + bytes > mostBytes) {
        if (isDone) order.miss(hidden.owners)
        leaveOut(copy, 'more came than the candidate answers', tally)
        return
      }
      waitingBytes += bytes
      order.add(hidden.owners, async (isBehind) => {
        const reason = whyNot(copy, copying)
        const isMade =
          reason === undefined ? await makeCopy(copy, isBehind, copying) : leaveOut(copy, reason, tally)
        waitingBytes -= bytes
        return isDone && !isMade
      })
    },
    figures: () => ({
      obstacle: candidate.obstacle(),
      waiting: order.waiting,
      noise: copying.noise.toJSON(),
      report: tally.report(),
    }),
    async close() {
      await order.settled()
      candidate.close()
    },
  }
}

function sizeOf({ body, answer, url }: Exchange): number {
  return url.length + (body?.length ?? 0) + (answer.body?.length ?? 0)
}

function leaveOut({ hidden }: Copy, reason: string, tally: Tally): false {
  tally.leftOut(hidden.method, reason)
  return false
}

/** Why a call is not made at the candidate at all. */
function whyNot(
  { exchange, hidden, isWrite }: Copy,
  { candidate, effects, writes }: Copying,
): string | undefined {
  if (exchange.body === undefined) return 'the body was too large'
  const type = headerOf(exchange.answer.headers, 'content-type') ?? ''
  if (effects.isStream(hidden.method) || /^text\/event-stream/i.test(type)) return 'it answers a stream'
  // Of pages nobody knows what they change, and they stop at no check.
  if (writes !== 'send' && !/^\/(?:gateway(?:\/|$)|front\/|manage\/|$)/.test(splitOnce(exchange.url, '?')[0]))
    return 'a page'
  if (isWrite && writes === 'skip') return 'a write'
  const obstacle = candidate.obstacle()
  return obstacle === undefined ? undefined : `the candidate: ${obstacle}`
}

/** Makes a call and compares; says whether the candidate has done what was asked. */
async function makeCopy(copy: Copy, isBehind: boolean, copying: Copying): Promise<boolean> {
  const { candidate, tally } = copying
  const { method } = copy.hidden
  const prepared = await prepare(copy, copying)
  if ('leftOut' in prepared) return leaveOut(copy, prepared.leftOut, tally)
  let sent: SentCall
  try {
    sent = await candidate.send(sentBody(copy, prepared, copying))
  } catch (error) {
    tally.failed(method, reasonOf(error))
    return false
  }
  if (sent.answer.status === 412)
    return leaveOut(copy, `the candidate: ${candidate.obstacle() ?? 'HTTP 412'}`, tally)
  if (sent.answer.status === 202 && copying.writes === 'check')
    return leaveOut(copy, 'only checked, and nothing was wrong with it', tally)
  compareCopy(copy, { sent, isBehind }, copying)
  return wasSuccess(liveAnswer(sent.answer))
}

async function prepare({ call }: Copy, { candidate, values, secretsByApp, sharesTokens }: Copying) {
  const code = wasSuccess(call.answer) ? await codeFor(call, candidate) : undefined
  const restore = (value: string, name = '') => {
    const kind = valueKindOf(name, 'request')
    if (kind === 'code') return isTextedCode(name) ? code : undefined
    const given = values.candidateFor(name, value)
    return given ?? (kind === 'token' && !sharesTokens ? undefined : value)
  }
  return prepareCall(call, { known: { restore, noteSent() {} }, secrets: secretsByApp, isLive: true })
}

/** The candidate has texted a code of its own. */
async function codeFor(call: ReadCall, candidate: Candidate): Promise<string | undefined> {
  for (const address of addressesOf(call)) {
    const code = await candidate.codeSentTo(address)
    if (code !== undefined) return code
  }
  return undefined
}

function sentBody({ exchange }: Copy, prepared: PreparedCall, { writes, sendsNothing }: Copying): SentBody {
  const shadow = sendsNothing ? undefined : { 'x-shadow': writes === 'check' ? 'check' : 'send' }
  const body = prepared.body ?? (exchange.body?.length ? exchange.body : undefined)
  return { ...prepared, headers: { ...prepared.headers, ...shadow }, body }
}

/** A name where there is one, as texts of errors may hold anything. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown'
  return 'code' in error ? String(error.code) : error.message
}
