import type { Question } from '../answers.js'
import type { SignedInUser } from '../seed-owned.js'
import { jobMethod } from '../job.js'
import { jobPath } from '../targets.js'

/** A call of the product that is measured. */
export interface ProductCall {
  readonly title: string
  readonly questions: readonly Question[]
  /** Ratio to the same call by hand. */
  readonly goal: { readonly atLeast: number }
  /** Takes out of an answer what changes from call to call. */
  readonly clean?: (body: string) => string
}

/** As many different users as fit into a cache, and more than do. */
export const fewUsers = 256
export const manyUsers = 4096

/** Some users of a table, from end to end. */
export type PickUsers = (count: number) => readonly number[]

/** The reads: of any user by an application that signs, and by a user of the own rows. */
export function readCalls(pick: PickUsers, signedIn: readonly SignedInUser[]): ProductCall[] {
  const ofUsers = (method: string, count: number) =>
    pick(count).map((uid) => ({ path: jobPath(method, { uid: String(uid) }, true) }))
  const ofOwn = (path: string) =>
    signedIn.map(({ token }) => ({ path: `/front/account/${path}?perm_key=${token}` }))
  const goal = { atLeast: 0.9 }
  return [
    {
      title: 'getUserVerifyInfo of ever other users',
      questions: ofUsers(jobMethod, manyUsers),
      goal: { atLeast: 0.95 },
    },
    {
      title: `getUserVerifyInfo of ${fewUsers} users`,
      questions: ofUsers(jobMethod, fewUsers),
      goal: { atLeast: 1.2 },
    },
    {
      title: 'open.passport.get of ever other users',
      questions: ofUsers('open.passport.get', manyUsers),
      goal,
      clean: (body) => body.replace(/"random":[\d.]+/, '"random":0'),
    },
    { title: 'user/info', questions: ofOwn('user/info'), goal },
    { title: 'userMessage/getMsgCount', questions: ofOwn('userMessage/getMsgCount'), goal },
    { title: 'userDeliveryAddress/list, 10 rows', questions: ofOwn('userDeliveryAddress/list'), goal },
  ]
}
