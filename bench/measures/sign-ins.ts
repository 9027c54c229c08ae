import type { Agent } from 'node:http'
import { ask, type SeenAnswer } from '../answers.js'
import type { RunningContestant } from '../contestant.js'
import { firstUid } from '../job.js'
import { callInLanes } from '../paced-calls.js'
import { password } from '../seed.js'
import { jobPath } from '../targets.js'

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

/** Sign-ins of ever other users in a number of lanes; counts the successes. */
export function startSignIns(site: SignInSite, lanes: number) {
  const state = { over: false, next: 0, done: 0 }
  const ended = callInLanes(
    lanes,
    async () => {
      const { body } = await signIn(site, state.next++)
      if (!body.startsWith('{"code":200,')) throw new Error(`a sign-in was answered ${body}`)
      state.done++
    },
    () => state.over,
  )
  return {
    count: () => state.done,
    async stop() {
      state.over = true
      await ended
    },
  }
}
