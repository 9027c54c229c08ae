import type { Address, CallOf, Seen, UserKey } from '../call.js'
import { accountRefusals, grantSend, takeCode } from './codes.js'
import { startSession, withSession } from './sign-ins.js'
import {
  answered,
  day,
  endSessions,
  goesOn,
  isAlive,
  type Move,
  ownerOf,
  type Rule,
  sessionOf,
  type State,
  userOf,
  withUser,
} from './state.js'

const isOthers = (state: State, address: Address, user: UserKey): boolean =>
  ![undefined, user].includes(ownerOf(state, address))

export function bind({ session, address, code }: CallOf<'bind'>, seen: Seen): Rule {
  const use = { address, code, refusals: accountRefusals, mayBeOwner: true }
  const store: Rule = (state) =>
    isAlive(state, session) ? storeMobile(state, { session, address }, seen) : answered(state, 'OUT')
  return withSession(session, seen, (state) => goesOn(state, takeCode(use, store), 'admitted'))
}

type Binding = Pick<CallOf<'bind'>, 'session' | 'address'>

/** A number takes the place of the former one; the other sessions end. A new session is given in any case. */
function storeMobile(state: State, { session, address }: Binding, seen: Seen): readonly Move[] {
  const { user } = sessionOf(state, session)
  if (isOthers(state, address, user)) return answered(state, 'MOBILE_TAKEN')
  const { mobile, isShown } = userOf(state, user)
  if (mobile === address && isShown) return startSession(state, user, seen)
  return startSession(
    endSessions(withUser(state, user, { mobile: address, isShown: true }), user, session),
    user,
    seen,
  )
}

/** A user without a number is bound to it; the last way to sign in stays one, though it is shown no more. */
export function unbind(call: CallOf<'bind'>, seen: Seen): Rule {
  const { session, address, code } = call
  const use = { address, code, refusals: accountRefusals, mayBeOwner: true }
  const isWrong = (state: State) => {
    const { mobile, isShown } = userOf(state, sessionOf(state, session).user)
    return isShown && mobile !== address
  }
  const release: Rule = (state) => {
    if (!isAlive(state, session)) return answered(state, 'OUT')
    const { user } = sessionOf(state, session)
    if (isWrong(state)) return answered(state, 'MOBILE_WRONG')
    const { isShown, email } = userOf(state, user)
    if (!isShown) return storeMobile(state, call, seen)
    const rest = email === undefined ? { isShown: false } : { isShown: false, mobile: undefined }
    return startSession(endSessions(withUser(state, user, rest), user, session), user, seen)
  }
  return withSession(session, seen, (state) =>
    isWrong(state) ? answered(state, 'MOBILE_WRONG') : goesOn(state, takeCode(use, release), 'admitted'),
  )
}

export function checkMobile({ user, address }: CallOf<'check mobile'>): Rule {
  return (state) =>
    isOthers(state, address, user)
      ? answered(state, '404')
      : goesOn(
          state,
          (state) => answered({ ...state, checks: { ...state.checks, [address]: state.now + 600 } }, 'ok'),
          'free',
        )
}

export function changeMobile({ user, address }: CallOf<'check mobile'>): Rule {
  return (state) => {
    if ((state.checks[address] ?? 0) <= state.now) return answered(state, '411')
    if (isOthers(state, address, user)) return answered(state, '404')
    const changed = endSessions(withUser(state, user, { mobile: address, isShown: true }), user)
    return answered({ ...changed, checks: { ...changed.checks, [address]: 0 } }, 'ok')
  }
}

/** A link is of the user's sessions as they were when the address was found free. */
export function verifyEmail({ user, address }: CallOf<'check mobile'>, seen: Seen): Rule {
  return (state) => {
    if (isOthers(state, address, user)) return answered(state, '404')
    const { generation } = userOf(state, user)
    const deliver: Rule = (state) => {
      const { arrived } = seen
      if (arrived === undefined) return []
      const link = { user, address, generation, isUsed: false, until: state.now + day }
      return answered({ ...state, links: { ...state.links, [arrived]: link } }, 'ok')
    }
    const send = grantSend(`link ${address}`, '9999991', (state) =>
      goesOn(state, deliver, `granted ${generation}`),
    )
    return goesOn(state, send, `free ${generation}`)
  }
}

export function changeEmail({ link: name }: CallOf<'change e-mail'>): Rule {
  return (state) => {
    const link = state.links[name]
    if (!link || link.isUsed || state.now > link.until) return answered(state, '404')
    const { user, address, generation } = link
    const { email, generation: current } = userOf(state, user)
    if (generation !== current || isOthers(state, address, user)) return answered(state, '404')
    const used = { ...state, links: { ...state.links, [name]: { ...link, isUsed: true } } }
    if (email === address) return answered(used, 'ok')
    return answered(endSessions(withUser(used, user, { email: address }), user), 'ok')
  }
}
