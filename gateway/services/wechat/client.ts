import { setTimeout as sleep } from 'node:timers/promises'
import { inSpan } from '../../../db/span.js'
import { GatewayError } from '../../outcome/errors.js'
import { type Breaker, createBreaker } from '../breaker.js'
import type { Clock } from '../clock.js'
import type { Log } from '../telemetry/log.js'
import type { Metrics } from '../telemetry/metrics.js'
import { callOnce, type CallOutcome, type Trouble, type WechatCall } from './call.js'

/** By which of the merchant's applications somebody comes. */
export type WechatWay = 'official' | 'mini' | 'web'

/** An answer that is a JSON object without an error. */
export type WechatAnswer = Readonly<Record<string, unknown>>

/**
 * Calls WeChat's HTTP API for one way. Ours, because node-easywechat 3.6, the one package that knows all of it, keeps
 * tokens in files of one machine, lets two nodes refresh them at once, and neither limits the time of a call nor leaves
 * a WeChat that is down alone.
 */
export interface WechatClient {
  readonly way: WechatWay
  /**
   * Throws WECHAT_FAILED: WechatRefusal when WeChat answered with an error of its own. `detail` is the way and the
   * error code, nothing else.
   */
  call(call: WechatCall): Promise<WechatAnswer>
  /** Whether any part of WeChat's API is left alone for a while, because it failed several times in a row. */
  isResting(): boolean
}

/** WeChat works, and said no. */
export class WechatRefusal extends GatewayError {
  readonly errcode: number

  constructor(way: WechatWay, errcode: number) {
    super('WECHAT_FAILED', { detail: `${way}: ${errcode}` })
    this.errcode = errcode
  }
}

/** The error of anything else that goes wrong with WeChat; `reason` must hold no secret, code or token. */
export function wechatFailure(way: WechatWay, reason: string): GatewayError {
  return new GatewayError('WECHAT_FAILED', { detail: `${way}: ${reason}` })
}

export interface ClientParts {
  readonly way: WechatWay
  /** Where the API is, without a slash at its end. */
  readonly apiUrl: string
  readonly clock: Clock
  readonly log: Log
  readonly metrics: Metrics
  /** How long a call may take, in milliseconds; 3000 if absent. */
  readonly patience?: number
}

const usualPatience = 3000
/** Before the second try, in milliseconds: time for a WeChat that says it is busy. */
const pause = 200
/** The calls of a day or of a minute are used up, perhaps by one user: they say nothing of the calls of others. */
const overLimit = new Set([45009, 45011])
/** Codes that users send a second time, or made up: nothing is wrong with the configuration. */
const wrongCodes = new Set([40029, 40163, 41008, 42003])

export function createWechatClient(parts: ClientParts): WechatClient {
  const { way, clock, log, metrics } = parts
  const breakers = new Map<string, Breaker>()
  const breakerOf = (path: string): Breaker => {
    const part = partOf(path)
    const known = breakers.get(part)
    if (known !== undefined) return known
    const breaker = createBreaker(clock, (count) =>
      log.warn(
        { provider: way, detail: part, count },
        'WeChat failed several times in a row and is left alone for a while',
      ),
    )
    breakers.set(part, breaker)
    return breaker
  }
  return {
    way,
    isResting: () => [...breakers.values()].some((breaker) => breaker.isResting()),
    async call(call) {
      const breaker = breakerOf(call.path)
      if (breaker.isResting()) throw wechatFailure(way, 'left alone for a while')
      const outcome = await callUnderBreaker(breaker, () => callTraced(parts, call))
      metrics.countWechatCall(way, outcome.kind)
      if (outcome.kind === 'answered') return outcome.answer
      const { path } = call
      const refused = outcome.kind === 'refused'
      const error = refused ? new WechatRefusal(way, outcome.errcode) : wechatFailure(way, outcome.reason)
      const level = refused && wrongCodes.has(outcome.errcode) ? 'info' : 'warn'
      log[level]({ provider: way, path, detail: error.detail }, 'a call of WeChat failed')
      throw error
    },
  }
}

/** `sns` signs users in, `cgi-bin` lends tokens, `wxa` is a mini program's: trouble with one is none of the others'. */
function partOf(path: string): string {
  return path.split('/')[1] ?? ''
}

async function callUnderBreaker(breaker: Breaker, call: () => Promise<CallOutcome>): Promise<CallOutcome> {
  const attempt = breaker.begin()
  const outcome = await call()
  if (outcome.kind === 'failed') attempt.fail()
  else if (outcome.kind === 'refused' && overLimit.has(outcome.errcode)) attempt.learnNothing()
  else attempt.succeed()
  return outcome
}

function callTraced(parts: ClientParts, call: WechatCall): Promise<CallOutcome> {
  const attributes = { 'passport.provider': parts.way, 'url.path': call.path }
  return inSpan({ name: 'call wechat', attributes }, () => callTwice(parts, call))
}

/** A second time where that does no harm. */
async function callTwice(parts: ClientParts, call: WechatCall): Promise<CallOutcome> {
  const { apiUrl, patience = usualPatience } = parts
  const outcome = await callOnce(apiUrl, call, patience)
  if (outcome.kind !== 'failed' || !mayRepeat(outcome, call)) return outcome
  await sleep(pause)
  return callOnce(apiUrl, call, patience)
}

function mayRepeat({ repeat }: Trouble, { spendsCode = false }: WechatCall): boolean {
  return repeat === 'always' || (repeat === 'unless a code is spent' && !spendsCode)
}
