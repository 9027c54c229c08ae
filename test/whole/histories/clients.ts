import type { HttpAnswer } from '../../fetch-answer.js'
import type { Address, Call, SessionName, UserKey } from './call.js'
import type { Wish } from './history.js'

/** What the clients of one history know by what they were answered and sent. */
export interface Clients {
  readonly users: UserKey[]
  /** In the order in which their tokens came. */
  readonly sessions: { readonly name: SessionName; readonly user: UserKey; readonly token: string }[]
  readonly codes: Map<Address, string[]>
  readonly links: Map<Address, string[]>
  /** Names of delivery addresses, and the ids of those whose were told. */
  readonly addresses: { readonly user: UserKey; readonly name: string; id?: string }[]
  /** How the history's numbers and e-mail addresses read. */
  readonly real: (address: Address) => string
}

/** Clients whose numbers and addresses no other history has. */
export function createClients(history: number): Clients {
  const real = (address: Address) => {
    const [kind, place] = address.split(' ')
    return kind === 'mobile'
      ? `139${String(history * 10 + Number(place)).padStart(8, '0')}`
      : `h${history}.${place}@example.com`
  }
  return { users: [], sessions: [], codes: new Map(), links: new Map(), addresses: [], real }
}

const numbers = 3
const addresses: readonly Address[] = ['mobile 0', 'mobile 1', 'mobile 2', 'e-mail 0', 'e-mail 1']
const passwordOf = (place: number) => `password ${place}`

const isOneOf = <Text extends string>(texts: readonly Text[], text: string): text is Text =>
  (texts as readonly string[]).includes(text)

const withCode = ['check code', 'sign in by code', 'register', 'reset password', 'bind', 'unbind'] as const
const ofMobiles = ['check code', 'sign in by code', 'bind', 'unbind'] as const
const ofUsers = ['check mobile', 'change mobile', 'verify e-mail'] as const
const ofSessions = ['look', 'log out', 'end others', 'list addresses', 'count unread', 'read all'] as const

/** The call that a wish comes to, if there is all that it takes. */
export function makeCall(wish: Wish, clients: Clients, number: number): Call | undefined {
  const { kind } = wish
  const address = addressOf(wish)
  const user = clients.users[wish.person % clients.users.length]
  const password = passwordOf(wish.password)
  if (kind === 'send code') return { kind, address }
  if (kind === 'sign in') return { kind, address, password }
  if (kind === 'change e-mail') {
    const link = clients.links.get(address)?.at(wish.code === 'former' ? -2 : -1)
    return link === undefined ? undefined : { kind, link }
  }
  if (isOneOf(withCode, kind)) return makeCodeCall(kind, wish, clients)
  if (user === undefined) return undefined
  if (kind === 'set password') return { kind, user, password }
  if (isOneOf(ofUsers, kind)) return { kind, user, address }
  return makeSessionCall({ ...wish, kind }, clients, { user, number })
}

function addressOf({ kind, address }: Wish): Address {
  const isMobile = isOneOf(ofMobiles, kind) || (isOneOf(ofUsers, kind) && kind !== 'verify e-mail')
  if (isMobile) return `mobile ${address % numbers}`
  if (kind === 'verify e-mail' || kind === 'change e-mail') return `e-mail ${address % 2}`
  return addresses[address] ?? 'mobile 0'
}

function makeCodeCall(kind: (typeof withCode)[number], wish: Wish, clients: Clients): Call | undefined {
  const address = addressOf({ ...wish, kind })
  const sent = clients.codes.get(address)
  const code = wish.code === 'wrong' ? '0000' : sent?.at(wish.code === 'former' ? -2 : -1)
  if (code === undefined) return undefined
  if (kind === 'register' || kind === 'reset password')
    return { kind, address, code, password: passwordOf(wish.password) }
  if (kind === 'check code' || kind === 'sign in by code') return { kind, address, code }
  const session = sessionOf(wish, clients)
  return session && { kind, address, code, session }
}

function sessionOf({ person, session }: Wish, { users, sessions }: Clients): SessionName | undefined {
  const user = users[person % users.length]
  const own = sessions.filter((one) => one.user === user).toReversed()
  return own[session % own.length]?.name
}

function makeSessionCall(
  wish: Wish,
  clients: Clients,
  { user, number }: { readonly user: UserKey; readonly number: number },
): Call | undefined {
  const { kind, isDefault } = wish
  const session = sessionOf(wish, clients)
  if (session === undefined) return undefined
  if (isOneOf(ofSessions, kind)) return { kind, session }
  if (kind === 'change password')
    return { kind, session, old: passwordOf(wish.old), password: passwordOf(wish.password) }
  if (kind === 'add address') return { kind, session, name: `place ${number}`, isDefault }
  if (kind === 'make default' || kind === 'remove address') {
    const told = clients.addresses.filter((one) => one.user === user && one.id !== undefined)
    const name = told[wish.address % told.length]?.name
    return name === undefined ? undefined : { kind, session, name }
  }
  const to = clients.users[wish.address % clients.users.length]
  return kind === 'send message' && to !== undefined && to !== user ? { kind, session, to } : undefined
}

/** Notes who a new session is of. */
export function noteSession(clients: Clients, token: string, user: UserKey): SessionName {
  const name: SessionName = `session ${clients.sessions.length}`
  clients.sessions.push({ name, user, token })
  if (!clients.users.includes(user)) clients.users.push(user)
  return name
}

/** Notes the ids of addresses that an answer holds. */
export function noteAddresses(clients: Clients, user: UserKey, answer: HttpAnswer): void {
  const data = answer.json?.data as
    | { ud_id?: number; ud_name?: string; items?: { ud_id: number; ud_name: string }[] }
    | null
    | undefined
  const rows = data?.items ?? (data?.ud_id === undefined ? [] : [data])
  for (const { ud_id, ud_name = '' } of rows) {
    const known = clients.addresses.find(({ name }) => name === ud_name)
    if (known) known.id = String(ud_id)
    else clients.addresses.push({ user, name: ud_name, id: String(ud_id) })
  }
}
