import type { Call, CallOf, Seen, UserKey } from '../call.js'
import { withSession } from './sign-ins.js'
import {
  answered,
  day,
  endSessions,
  goesOn,
  isAlive,
  isSpent,
  type Limit,
  type Move,
  type Rule,
  sessionOf,
  spend,
  type State,
  type User,
  userOf,
  withUser,
} from './state.js'

/** How many messages one user may send in a minute and a day; the nodes are started so. */
export const messageLimits = { MESSAGE_PER_MINUTE: '4', MESSAGE_PER_DAY: '12' }

type WithSession = Call & { readonly session: CallOf<'look'>['session'] }

/** What a user does with a live session: first it is looked at, then it is done. */
function asUser(call: WithSession, seen: Seen, act: (state: State, user: UserKey) => readonly Move[]): Rule {
  const then: Rule = (state) => act(state, sessionOf(state, call.session).user)
  return withSession(call.session, seen, (state) => goesOn(state, then, 'admitted'))
}

export function look(call: CallOf<'look'>, seen: Seen): Rule {
  return withSession(call.session, seen, (state) => answered(state, 'ok'))
}

/** Always a success, as the client is to forget the token. */
export function logOut({ session }: CallOf<'look'>): Rule {
  return (state) => {
    const ended = { ...sessionOf(state, session), isEnded: true }
    return answered(
      isAlive(state, session) ? { ...state, sessions: { ...state.sessions, [session]: ended } } : state,
      'ok',
    )
  }
}

export function endOthers(call: CallOf<'look'>, seen: Seen): Rule {
  return asUser(call, seen, (state, user) => answered(endSessions(state, user, call.session), 'ok'))
}

export function addAddress(call: CallOf<'add address'>, seen: Seen): Rule {
  const { name, isDefault } = call
  return asUser(call, seen, (state, user) => {
    const { addresses } = userOf(state, user)
    const others = isDefault ? addresses.map((one) => ({ ...one, isDefault: false })) : addresses
    return answered(withUser(state, user, { addresses: [...others, { name, isDefault }] }), 'ok')
  })
}

export function makeDefault(call: CallOf<'make default'>, seen: Seen): Rule {
  return asUser(call, seen, (state, user) => {
    const { addresses } = userOf(state, user)
    if (!addresses.some(({ name }) => name === call.name)) return answered(state, 'OPERATION_FAILED')
    const changed = addresses.map(({ name }) => ({ name, isDefault: name === call.name }))
    return answered(withUser(state, user, { addresses: changed }), 'ok')
  })
}

export function removeAddress(call: CallOf<'make default'>, seen: Seen): Rule {
  return asUser(call, seen, (state, user) => {
    const { addresses } = userOf(state, user)
    const left = addresses.filter(({ name }) => name !== call.name)
    if (left.length === addresses.length) return answered(state, 'OPERATION_FAILED')
    return answered(withUser(state, user, { addresses: left }), 'ok')
  })
}

export function listAddresses(call: CallOf<'look'>, seen: Seen): Rule {
  return asUser(call, seen, (state, user) => answered(state, nameAddresses(userOf(state, user).addresses)))
}

/** A list of addresses in one text, with a star for the default. */
export function nameAddresses(addresses: User['addresses']): string {
  const names = addresses.map(({ name, isDefault }) => (isDefault ? `${name}*` : name))
  return `ok: ${names.sort().join(' ')}`
}

/** Who may write no more is told that, whoever it is for. */
export function sendMessage(call: CallOf<'send message'>, seen: Seen): Rule {
  return asUser(call, seen, (state, user) => {
    const limits: readonly Limit[] = [
      [`message minute ${user}`, Number(messageLimits.MESSAGE_PER_MINUTE), 60],
      [`message day ${user}`, Number(messageLimits.MESSAGE_PER_DAY), day],
    ]
    if (isSpent(state, limits)) return answered(state, 'SEND_REFUSED')
    const { unread } = userOf(state, call.to)
    return answered(withUser(spend(state, limits), call.to, { unread: unread + 1 }), 'ok')
  })
}

export function countUnread(call: CallOf<'look'>, seen: Seen): Rule {
  return asUser(call, seen, (state, user) => answered(state, `ok: ${userOf(state, user).unread}`))
}

export function readAll(call: CallOf<'look'>, seen: Seen): Rule {
  return asUser(call, seen, (state, user) => answered(withUser(state, user, { unread: 0 }), 'ok'))
}
