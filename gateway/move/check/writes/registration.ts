import { randomBytes } from 'node:crypto'
import type { CheckRun } from '../check-run.js'
import { pathOf } from '../pack/path-checks.js'
import type { KnownUser } from '../throwaway-user.js'
import { isDone, textAt } from '../wire-answer.js'
import { pathCall } from '../wire-call.js'

const method = 'front.account.login.register'

/** Registers a throw-away user by account and password. Undefined where the server wants more, as a picture's answer. */
export async function registerUser(run: CheckRun): Promise<KnownUser | undefined> {
  const account = `movecheck_${randomBytes(5).toString('hex')}`
  const password = `Mc-${randomBytes(9).toString('hex')}`
  run.hiding.add(password)
  const form = { verb: 'POST', bind_type: '3', user_account: account, password } as const
  const answer = await run.ask(pathCall(pathOf(method), form))
  const uid = Number(textAt(answer.tree, 'data', 'user_id') ?? Number.NaN)
  if (!isDone(answer) || !Number.isSafeInteger(uid)) return undefined
  const token = textAt(answer.tree, 'data', 'token')
  run.hiding.add(token)
  run.leave(`the user ${account} (${uid}), who was registered`)
  return { uid, account, password, ...(token !== undefined && { token }) }
}
