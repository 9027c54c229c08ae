import type { HttpAnswer } from '../../../fetch-answer.js'
import { consoleSession, type TestConsole } from '../../../console.js'
import type { TestGateway } from '../../../harness.js'

const signedIn = new WeakMap<object, Map<string, Promise<TestConsole>>>()

/** Calls a console method on a node, as an administrator of some name who is signed in there. */
export async function askConsole(
  gateway: TestGateway,
  path: string,
  params: object = {},
  who = 'somebody',
): Promise<HttpAnswer> {
  const known = signedIn.get(gateway.services) ?? new Map<string, Promise<TestConsole>>()
  signedIn.set(gateway.services, known)
  const session = known.get(who) ?? consoleSession(gateway)
  known.set(who, session)
  return (await session).call(`manage.console.${path.replace('/', '.')}`, params)
}
