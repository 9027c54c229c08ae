import type { HttpAnswer } from '../../../fetch-answer.js'
import type { TestGateway } from '../../../harness.js'
import { addAdmin, type TestAdmin } from '../account/administrators.js'

const admins = new WeakMap<object, Map<string, Promise<TestAdmin>>>()

/** Calls a console method as an administrator of some name. */
export async function askConsole(
  gateway: TestGateway,
  path: string,
  params: Readonly<Record<string, string>> = {},
  who = 'somebody',
): Promise<HttpAnswer> {
  const known = admins.get(gateway.services.db) ?? new Map<string, Promise<TestAdmin>>()
  admins.set(gateway.services.db, known)
  const admin = known.get(who) ?? addAdmin(gateway)
  known.set(who, admin)
  const isRead = /^(dashboard\/show|watch\/(list|calls))$/.test(path)
  return (await admin)[isRead ? 'get' : 'post'](`/manage/console/${path}`, params)
}
