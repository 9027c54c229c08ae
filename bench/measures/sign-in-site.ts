import type { Agent } from 'node:http'
import { ask, type SeenAnswer } from '../answers.js'
import type { RunningContestant } from '../contestant.js'
import { firstUid } from '../job.js'
import { password } from '../seed.js'
import { jobPath } from '../targets.js'
import type { Login } from './login-rate.js'

/** A server of seeded users, and the connections to it. */
export interface SignInSite {
  readonly server: RunningContestant
  readonly agent: Agent
  readonly users: number
}

/** The user of a call, ever another one. */
export const userOf = (call: number, users: number): string => String(firstUid + (call % users))

/** Has the password of a user checked. */
export function signIn({ server, agent, users }: SignInSite, call: number): Promise<SeenAnswer> {
  const params = { uid: userOf(call, users), password }
  return ask(`${server.url}${jobPath('web.passport.verifyUserPwd', params, true)}`, agent)
}

/** The same as a login whose rate can be measured. */
export const passportLogin = (site: SignInSite): Login => ({
  call: (number) => signIn(site, number),
  isSuccess: ({ body }) => body.startsWith('{"code":200,'),
})
