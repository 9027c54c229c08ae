import type { CallOf, Seen } from '../call.js'
import { accountRefusals, takeCode } from './codes.js'
import { countFailure, forgive, withSession } from './sign-ins.js'
import { answered, endSessions, goesOn, ownerOf, type Rule, sessionOf, userOf, withUser } from './state.js'

export function resetPassword({ address, code, password }: CallOf<'reset password'>): Rule {
  const refusal = address.startsWith('mobile') ? 'MOBILE_NOT_BOUND' : 'EMAIL_NOT_BOUND'
  return takeCode({ address, code, refusals: accountRefusals }, (state) => {
    const owner = ownerOf(state, address)
    if (owner === undefined) return answered(state, refusal)
    return answered(endSessions(withUser(state, owner, { password }), owner), 'ok')
  })
}

export function setPassword({ user, password }: CallOf<'set password'>): Rule {
  return (state) => answered(endSessions(withUser(state, user, { password }), user), 'ok')
}

/** The old password is compared first; whoever was faster meanwhile has made it another. */
export function changePassword({ session, old, password }: CallOf<'change password'>, seen: Seen): Rule {
  return withSession(session, seen, (state) => {
    const { user } = sessionOf(state, session)
    const subject = `${user} own`
    return countFailure({ subject, paused: 'OLD_PASSWORD_PAUSED' }, (state) => {
      const { password: current, generation } = userOf(state, user)
      if (current !== old) return answered(state, 'OLD_PASSWORD_REFUSED')
      const store: Rule = (state) =>
        userOf(state, user).generation === generation
          ? answered(endSessions(withUser(state, user, { password }), user, session), 'ok')
          : answered(state, 'OLD_PASSWORD_REFUSED')
      return goesOn(forgive(state, subject), store, `compared ${generation}`)
    })(state)
  })
}
