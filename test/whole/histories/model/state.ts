import type { Address, Seen, SessionName, UserKey } from '../call.js'

/** What may be true of the server. Times are seconds of the history's own clock, which only moves when it says so. */
export interface State {
  readonly now: number
  readonly users: Readonly<Record<UserKey, User>>
  readonly sessions: Readonly<Record<SessionName, Session>>
  /** Of an address, the newest last. */
  readonly codes: Readonly<Partial<Record<Address, readonly Code[]>>>
  readonly links: Readonly<Record<string, Link>>
  readonly uses: Readonly<Record<string, Use>>
  /** Wrong passwords of a subject, at most. */
  readonly failures: Readonly<Record<string, number>>
  /** Until when an application has checked a number. */
  readonly checks: Readonly<Partial<Record<Address, number>>>
}

export interface User {
  readonly password: string | undefined
  /** Sessions of another generation are dead. */
  readonly generation: number
  readonly mobile?: Address | undefined
  /** Whether the user is shown the number, not only signed in by it. */
  readonly isShown: boolean
  readonly email?: Address | undefined
  readonly unread: number
  readonly addresses: readonly { readonly name: string; readonly isDefault: boolean }[]
}

export interface Session {
  readonly user: UserKey
  readonly generation: number
  readonly isEnded: boolean
  readonly until: number
  /** Nodes other than that on which it was ended may believe it until then (ms since 1970). */
  readonly stale?: { readonly node: number; readonly until: number } | undefined
}

export interface Code {
  /** Undefined for one that nobody got. */
  readonly text: string | undefined
  readonly tries: number
  readonly until: number
}

interface Link {
  readonly user: UserKey
  readonly address: Address
  readonly generation: number
  readonly isUsed: boolean
  readonly until: number
}

interface Use {
  readonly used: number
  readonly until: number
}

export const emptyState: State = {
  now: 0,
  users: {},
  sessions: {},
  codes: {},
  links: {},
  uses: {},
  failures: {},
  checks: {},
}

/** One of the things that may happen next: an answer, or something in between. */
export interface Move {
  readonly state: State
  readonly answer?: string
  readonly next?: Rule
  /** Tells rules of one call apart that go on from the same state. */
  readonly at?: string
}

/** What may happen next, in one moment, to a call. */
export type Rule = (state: State) => readonly Move[]

export const answered = (state: State, answer: string): readonly Move[] => [{ state, answer }]
export const goesOn = (state: State, next: Rule, at = ''): readonly Move[] => [{ state, next, at }]

/** How long other nodes may believe in an ended session: told of it, and not told as its node was killed (ms). */
export interface Staleness {
  readonly told: number
  readonly untold: number
}

export const day = 86_400

export function ownerOf(state: State, address: Address): UserKey | undefined {
  return Object.keys(state.users).find((key) => {
    const user = state.users[key]
    return user?.mobile === address || user?.email === address
  })
}

export function userOf(state: State, key: UserKey): User {
  const user = state.users[key]
  if (!user) throw new Error(`no user ${key}`)
  return user
}

export function sessionOf(state: State, name: SessionName): Session {
  const session = state.sessions[name]
  if (!session) throw new Error(`no ${name}`)
  return session
}

export function withUser(state: State, key: UserKey, change: Partial<User>): State {
  return { ...state, users: { ...state.users, [key]: { ...userOf(state, key), ...change } } }
}

export function isAlive(state: State, name: SessionName): boolean {
  const { user, generation, isEnded, until } = sessionOf(state, name)
  return !isEnded && generation === userOf(state, user).generation && state.now < until
}

/** Sessions that are dead now and were not in the state before. */
export function markStale(before: State, after: State, seen: Seen, staleness: Staleness): State {
  const until = seen.endedAt + (seen.answer === undefined ? staleness.untold : staleness.told)
  const names = Object.keys(before.sessions) as SessionName[]
  const marked = names
    .filter((name) => isAlive(before, name) && !isAlive(after, name))
    .map((name) => [name, { ...sessionOf(after, name), stale: { node: seen.node, until } }] as const)
  return marked.length === 0
    ? after
    : { ...after, sessions: { ...after.sessions, ...Object.fromEntries(marked) } }
}

/** Ends all sessions of a user but one. */
export function endSessions(state: State, key: UserKey, except?: SessionName): State {
  const { generation } = userOf(state, key)
  const raised = withUser(state, key, { generation: generation + 1 })
  if (except === undefined || !isAlive(state, except)) return raised
  const kept = { ...sessionOf(state, except), generation: generation + 1 }
  return { ...raised, sessions: { ...raised.sessions, [except]: kept } }
}

/** A limit: how often, and for how many seconds that counts. */
export type Limit = readonly [name: string, points: number, seconds: number]

function usedOf({ uses, now }: State, name: string): number {
  const use = uses[name]
  return use && use.until > now ? use.used : 0
}

export const isSpent = (state: State, limits: readonly Limit[]): boolean =>
  limits.some(([name, points]) => usedOf(state, name) >= points)

export function spend(state: State, limits: readonly Limit[]): State {
  const { uses, now } = state
  const spent = limits.map(([name, , seconds]) => {
    const used = usedOf(state, name)
    const until = used > 0 ? (uses[name]?.until ?? 0) : now + seconds
    return [name, { used: used + 1, until }] as const
  })
  return { ...state, uses: { ...uses, ...Object.fromEntries(spent) } }
}
