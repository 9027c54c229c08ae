import { setTimeout as sleep } from 'node:timers/promises'
import type { Knex } from 'knex'
import type { HttpAnswer } from '../../fetch-answer.js'
import { type Address, type Call, describeCall, type Seen } from './call.js'
import { type Clients, createClients, makeCall, noteAddresses, noteSession } from './clients.js'
import type { History, Step } from './history.js'
import { afterSeconds, type Happening, rightAnswers, whatMayBe } from './model/possible.js'
import { emptyState, type Staleness, type State } from './model/state.js'
import type { Nodes } from './nodes.js'
import { readAnswer, requestOf } from './wire.js'

/** Where histories are played. */
export interface Stage {
  readonly nodes: Nodes
  readonly db: Knex
  readonly staleness: Staleness
  /** Milliseconds for which a database goes on with what a killed node had asked for. */
  readonly afterlife: number
}

/** How a history went. */
export interface Played {
  readonly lines: readonly string[]
  readonly calls: number
  readonly kills: number
  /** Answers that nobody got, or 503. */
  readonly unknown: number
  /** What no order of the calls explains. */
  readonly problem?: string
}

/** The model's clock stands still between steps: one who takes longer (ms) proves nothing. */
const longest = 45_000
const mostStates = 400

type Calls = Extract<Step, { readonly kind: 'calls' }>

let histories = 0

/** Plays a history with users, numbers and addresses of its own, two users of which are registered first. */
export async function play(history: History, stage: Stage): Promise<Played> {
  histories++
  const player = new Player(stage, createClients(histories))
  await player.begin()
  const started = Date.now()
  for (const step of history) {
    if (player.problem !== undefined || Date.now() > started + longest) break
    await player.take(step)
  }
  return player
}

class Player implements Played {
  readonly lines: string[] = []
  calls = 0
  kills = 0
  unknown = 0
  problem?: string
  private readonly stage: Stage
  private readonly clients: Clients
  private states: readonly State[] = [emptyState]
  private lastMessage = 0
  private places = 0

  constructor(stage: Stage, clients: Clients) {
    this.stage = stage
    this.clients = clients
  }

  async begin(): Promise<void> {
    const newest = await this.stage.db('outbox_message').max({ id: 'message_id' })
    this.lastMessage = Number(newest[0]?.['id'] ?? 0)
    const both: readonly Address[] = ['mobile 0', 'mobile 1']
    await this.together(both.map((address) => ({ call: { kind: 'send code', address }, node: 0 })))
    for (const address of both) {
      const code = this.clients.codes.get(address)?.at(-1) ?? ''
      await this.together([{ call: { kind: 'register', address, code, password: 'password 0' }, node: 0 }])
    }
  }

  async take(step: Step): Promise<void> {
    if (step.kind === 'calls') return this.takeCalls(step)
    if (step.kind === 'rest') {
      this.lines.push('everybody rests')
      await sleep(this.stage.staleness.told)
      return
    }
    this.lines.push(`${step.seconds} seconds pass`)
    this.stage.nodes.pass(step.seconds)
    this.states = afterSeconds(this.states, step.seconds)
  }

  private async takeCalls({ wishes, areTwins, killAfter }: Calls): Promise<void> {
    const wanted = areTwins ? wishes.flatMap((wish) => [wish, { ...wish, node: wish.node + 1 }]) : wishes
    const made = wanted.slice(0, 4).flatMap((wish) => {
      const call = makeCall(wish, this.clients, this.places++)
      return call ? [{ call, node: wish.node }] : []
    })
    if (made.length > 0) await this.together(made, killAfter)
  }

  /** Makes calls at once, kills a node meanwhile if asked to, and keeps what may be true afterwards. */
  private async together(
    made: readonly { readonly call: Call; readonly node: number }[],
    killAfter = -1,
  ): Promise<void> {
    const numbered = made.map((one) => ({ ...one, number: this.calls++ }))
    const results = Promise.all(numbered.map(({ call, node }) => this.make(call, node)))
    const killed = killAfter < 0 ? undefined : (made[0]?.node ?? 0) % this.stage.nodes.count
    if (killed !== undefined) {
      await sleep(killAfter)
      this.kills++
      await this.stage.nodes.kill(killed)
    }
    const answers = await results
    if (killed !== undefined) await sleep(this.stage.afterlife)
    const arrived = await this.readOutbox()
    const endedAt = Date.now()
    const happenings = numbered.flatMap(({ call, number }, at): Happening[] => {
      const made = answers[at]
      return made ? [{ call, number, seen: this.see(call, made, { endedAt, arrived }) }] : []
    })
    this.conclude(happenings, killed)
  }

  /** Undefined where nobody was there to take the call. */
  private async make(call: Call, wanted: number): Promise<Made | undefined> {
    const sentAt = Date.now()
    try {
      const { node, answer } = await this.stage.nodes.call(wanted, requestOf(call, this.clients))
      return { node, answer, sentAt }
    } catch (error) {
      if (error instanceof Error && 'code' in error && error.code === 'ECONNREFUSED') return undefined
      return { node: wanted % this.stage.nodes.count, answer: undefined, sentAt }
    }
  }

  private see(
    call: Call,
    { node, answer, sentAt }: Made,
    { endedAt, arrived }: { readonly endedAt: number; readonly arrived: ReadonlyMap<string, string> },
  ): Seen {
    const told = answer && readAnswer(call, answer)
    if (told === undefined) this.unknown++
    const seen: Seen = { answer: told, node, sentAt, endedAt }
    if (call.kind === 'send code' || call.kind === 'verify e-mail') {
      const found = arrived.get(`${call.kind} ${call.address}`)
      return found === undefined ? seen : { ...seen, arrived: found }
    }
    if (!answer || told === undefined || !told.startsWith('ok')) return seen
    if ('session' in call) this.noteOwn(call, answer)
    const data = answer.json?.data as { token?: string; user_id?: number } | null | undefined
    if (!data?.token || data.user_id === undefined) return seen
    const user = String(data.user_id)
    return { ...seen, user, session: noteSession(this.clients, data.token, user) }
  }

  private noteOwn(call: Call & { readonly session: string }, answer: HttpAnswer): void {
    const user = this.clients.sessions.find(({ name }) => name === call.session)?.user
    if (user !== undefined && (call.kind === 'add address' || call.kind === 'list addresses'))
      noteAddresses(this.clients, user, answer)
  }

  private conclude(happenings: readonly Happening[], killed: number | undefined): void {
    const before = this.states
    const marks = happenings.length > 1 ? ['┌', ...happenings.slice(2).map(() => '│'), '└'] : [' ']
    for (const [at, { call, seen }] of happenings.entries())
      this.lines.push(`${marks[at]} node ${seen.node}: ${describeCall(call)} → ${describeSeen(seen)}`)
    if (killed !== undefined) this.lines.push(`  node ${killed} is killed meanwhile`)
    this.states = whatMayBe(before, happenings, this.stage.staleness)
    if (this.states.length > mostStates) this.states = this.states.slice(0, mostStates)
    if (this.states.length > 0) return
    const right = happenings.map((one) => `${one.call.kind}: ${rightAnswers(before, one).join(' or ')}`)
    this.problem = `what would have been right, each by itself: ${right.join('; ')}`
  }

  /** What was sent since the last look, by what asked for it. */
  private async readOutbox(): Promise<ReadonlyMap<string, string>> {
    const rows = await this.stage
      .db('outbox_message')
      .where('message_id', '>', this.lastMessage)
      .orderBy('message_id')
      .select('message_id', 'address', 'text')
    const arrived = new Map<string, string>()
    for (const { message_id, address, text } of rows) {
      this.lastMessage = message_id
      const own = ownAddresses.find((one) => address.endsWith(this.clients.real(one)))
      const link = /[?&]code=([\w-]+)/.exec(text)?.[1]
      const code = /\D(\d{4})\D/.exec(text)?.[1]
      if (own && link !== undefined) note(this.clients.links, arrived, ['verify e-mail', own, link])
      else if (own && code !== undefined) note(this.clients.codes, arrived, ['send code', own, code])
    }
    return arrived
  }
}

interface Made {
  readonly node: number
  readonly answer: HttpAnswer | undefined
  readonly sentAt: number
}

const ownAddresses: readonly Address[] = ['mobile 0', 'mobile 1', 'mobile 2', 'e-mail 0', 'e-mail 1']

function note(
  known: Map<Address, string[]>,
  arrived: Map<string, string>,
  [kind, address, text]: readonly [string, Address, string],
): void {
  known.set(address, [...(known.get(address) ?? []), text])
  arrived.set(`${kind} ${address}`, text)
}

function describeSeen({ answer, user, session, arrived }: Seen): string {
  const told = answer ?? 'no answer'
  const more = [user && `user ${user}`, session, arrived && `${arrived} arrives`].filter(Boolean)
  return more.length === 0 ? told : `${told} (${more.join(', ')})`
}
