import type { Agent, IncomingMessage } from 'node:http'
import { type BodyHead, hasBody, readBodyHead } from '../proxy/call-body.js'
import type { ExchangeObserver } from '../proxy/observer.js'
import type { Choice, Instead } from '../proxy/pass-through.js'
import type { Choose } from '../proxy/proxy.js'
import { clientOf } from '../traffic/observe-exchange.js'
import { type Pair, pairOf } from './begun-by.js'
import type { BegunPairs } from './begun-pairs.js'
import { isRead } from './compared-reads.js'
import { mayHoldParameters, methodOf, type NamedCall, readNamedCall, withBody } from './named-call.js'
import type { Caller, RouteTable } from './route-table.js'
import type { Side } from './side.js'
import { watchCall, type WatchedEnd } from './watch-call.js'

export interface SideChooser {
  readonly old: URL
  readonly new: URL
  /** Connections to the new server. */
  readonly agent: Agent
  readonly routes: () => RouteTable
  readonly pairs: BegunPairs
  readonly now: () => number
  /** Told of each call of a method that has a route, when it has ended. */
  readonly ended: (call: ChosenCall, end: WatchedEnd) => void
  /** Told what went wrong with a choice: the old server was asked. */
  readonly failed: (error: unknown) => void
}

/** A call of a method that has a route. */
interface ChosenCall {
  readonly method: string
  readonly call: IncomingMessage
  readonly head: BodyHead | undefined
}

/** Bytes of a body that are read to know whose call it is; all of what our own server would take. */
const mostBytes = 256 * 1024
/** Milliseconds. */
const patience = { reached: 1000, answered: 5000 }

type Chosen = Choice & { readonly observer?: ExchangeObserver }

/** Chooses by the routes. A call of which nothing has a route is not looked into. */
export function chooseBy(chooser: SideChooser): Choose {
  return (call, answer) => {
    const table = chooser.routes()
    if (table.rows.length === 0) return undefined
    const named = readNamedCall(call)
    if (named === undefined) return undefined
    const readsBody = hasBody(call) && mayHoldParameters(call)
    if (named.method === undefined ? !readsBody : !table.has(named.method)) return undefined
    let head: BodyHead | undefined
    const choose = async (): Promise<Chosen> => {
      // A body that holds no parameters, and may be long, stays where it is.
      if (readsBody || !hasBody(call)) head = await readBodyHead(call, answer, mostBytes)
      const whole = readsBody && head !== undefined ? withBody(named, call, head) : named
      return chooseSide(chooser, { call, head, named: whole })
    }
    return choose().catch((error: unknown) => {
      chooser.failed(error)
      return goesTo(chooser.old, head)
    })
  }
}

function goesTo(upstream: URL, head: BodyHead | undefined): Choice {
  return head === undefined ? { upstream } : { upstream, head }
}

interface ReadCall {
  readonly call: IncomingMessage
  readonly head: BodyHead | undefined
  readonly named: NamedCall
}

async function chooseSide(chooser: SideChooser, { call, head, named }: ReadCall): Promise<Chosen> {
  const table = chooser.routes()
  const method = methodOf(named)
  if (method === undefined || !table.has(method)) return goesTo(chooser.old, head)
  const { params } = named
  const caller: Caller = {
    app: params['app_key'] || params['client_type'] || '',
    ip: clientOf(call),
    uid: params['uid'] || undefined,
  }
  const routed = table.sideOf(method, caller, chooser.now())
  const pair = pairOf(method, params)
  const begun = pair?.role === 'ends' ? await beganAt(chooser, { method, table, pair }) : undefined
  const side = begun ?? routed
  const note = pair?.role === 'begins' ? await chooser.pairs.begin(pair.id, side) : undefined
  const watched = watchCall(side, (end) => {
    chooser.ended({ method, call, head }, end)
    // Nothing was begun by a call that failed; what the old server does in its place is noted below.
    if (note !== undefined && !end.isSuccess && end.side === side && end.answer !== undefined)
      void note.undo()
  })
  if (side === 'old') return { ...goesTo(chooser.old, head), observer: watched.observer }
  const begins = () => {
    watched.failOver()
    if (pair?.role === 'begins') void chooser.pairs.begin(pair.id, 'old')
  }
  const repeats = isRead(method) && head?.isWhole === true
  const instead: Instead = { upstream: chooser.old, repeats, patience, begins }
  return {
    ...goesTo(chooser.new, head),
    agent: chooser.agent,
    observer: watched.observer,
    // What was begun at the new server is unknown at the old one.
    ...(begun === undefined && { instead }),
  }
}

interface EndedPair {
  readonly method: string
  readonly table: RouteTable
  readonly pair: Pair
}

async function beganAt(
  { pairs, now }: SideChooser,
  { method, table, pair }: EndedPair,
): Promise<Side | undefined> {
  return (await pairs.sideOf(pair.id)) ?? table.beganBefore(method, now())
}
