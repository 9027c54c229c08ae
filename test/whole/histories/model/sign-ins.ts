import type { Address, CallOf, Seen, SessionName, UserKey } from '../call.js'
import { accountRefusals, takeCode } from './codes.js'
import {
  answered,
  day,
  goesOn,
  type Move,
  ownerOf,
  type Rule,
  sessionOf,
  type State,
  userOf,
  isAlive,
} from './state.js'

/** Goes on only with a live session; a dead one may be believed in for a moment where nobody was told of its end. */
export function withSession(name: SessionName, { node, sentAt }: Seen, then: Rule): Rule {
  return (state) => {
    if (isAlive(state, name)) return then(state)
    const { stale, until } = sessionOf(state, name)
    const mayBelieve = stale && stale.node !== node && sentAt < stale.until && state.now < until
    return [...answered(state, 'OUT'), ...(mayBelieve ? then(state) : [])]
  }
}

/** A new session of a user, answered. Nothing if another user's was. */
export function startSession(state: State, user: UserKey, seen: Seen): readonly Move[] {
  const named = identify(state, user, seen)
  if (!named) return []
  const key = seen.user ?? user
  const { generation } = userOf(named, key)
  const session = { user: key, generation, isEnded: false, until: named.now + day }
  // The token of an answer that nobody got is nobody's.
  const sessions = seen.session ? { ...named.sessions, [seen.session]: session } : named.sessions
  return answered({ ...named, sessions }, 'ok')
}

/** Gives a user the id that an answer tells; undefined where that is another's. */
function identify(state: State, user: UserKey, { user: id }: Seen): State | undefined {
  if (id === undefined || id === user) return state
  if (!user.startsWith('?') || state.users[id]) return undefined
  const { [user]: found, ...others } = state.users
  if (!found) return undefined
  const links = Object.entries(state.links).map(([name, link]) =>
    link.user === user ? [name, { ...link, user: id }] : [name, link],
  )
  const failures = Object.entries(state.failures).map(([subject, count]) =>
    subject.startsWith(`${user} `) ? [id + subject.slice(user.length), count] : [subject, count],
  )
  return {
    ...state,
    users: { ...others, [id]: found },
    links: Object.fromEntries(links),
    failures: Object.fromEntries(failures),
  }
}

interface Newcomer {
  readonly address: Address
  readonly password: string | undefined
  /** What the user is known by until an answer tells the id. */
  readonly key: UserKey
}

/** Makes a user, whom a message welcomes, and signs the user in. */
function addUser(state: State, { address, password, key }: Newcomer, seen: Seen): readonly Move[] {
  const isMobile = address.startsWith('mobile')
  const way = isMobile ? { mobile: address } : { email: address }
  const user = { password, generation: 0, isShown: isMobile, unread: 1, addresses: [], ...way }
  if (seen.user !== undefined && state.users[seen.user]) return []
  return startSession({ ...state, users: { ...state.users, [key]: user } }, key, seen)
}

export function signInByCode({ address, code }: CallOf<'sign in by code'>, key: UserKey, seen: Seen): Rule {
  return takeCode({ address, code, refusals: accountRefusals }, (state) => {
    const owner = ownerOf(state, address)
    return owner === undefined
      ? addUser(state, { address, password: undefined, key }, seen)
      : startSession(state, owner, seen)
  })
}

export function register({ address, code, password }: CallOf<'register'>, key: UserKey, seen: Seen): Rule {
  const refusal = address.startsWith('mobile') ? 'MOBILE_BOUND' : 'EMAIL_BOUND'
  return takeCode({ address, code, refusals: accountRefusals }, (state) =>
    ownerOf(state, address) === undefined
      ? addUser(state, { address, password, key }, seen)
      : answered(state, refusal),
  )
}

/** The wrong password from which on a pause begins. */
const firstPaused = 5

interface Comparison {
  readonly subject: string
  readonly paused: string
}

/** Each try is counted before it is compared; from the fifth on it may be refused, for how long is not told here. */
export function countFailure({ subject, paused }: Comparison, then: Rule): Rule {
  return (state) => {
    const counted = state.failures[subject] ?? 0
    const failures = { ...state.failures, [subject]: counted + 1 }
    const refused = counted >= firstPaused ? answered(state, paused) : []
    return [...refused, ...goesOn({ ...state, failures }, then, 'counted')]
  }
}

export const forgive = (state: State, subject: string): State => ({
  ...state,
  failures: { ...state.failures, [subject]: 0 },
})

export function signIn({ address, password }: CallOf<'sign in'>, seen: Seen): Rule {
  return (state) => {
    const owner = ownerOf(state, address)
    const way = address.startsWith('mobile') ? 'mobile' : 'e-mail'
    const subject = owner === undefined ? address : `${owner} ${way}`
    return countFailure({ subject, paused: 'TOO_MANY_FAILURES' }, (state) => {
      if (owner === undefined || !state.users[owner] || userOf(state, owner).password !== password)
        return answered(state, 'PASSWORD_WRONG')
      return startSession(forgive(state, subject), owner, seen)
    })(state)
  }
}
