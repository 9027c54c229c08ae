import { consoleSession, type TestConsole } from '../../../console.js'
import { dataOf, type TestGateway } from '../../../harness.js'

/** Said to an administrator who would give or change more than the own role includes. */
export const beyond = '超出您自己的权限'
/** Said to an administrator who would change the own role. */
export const own = '不能修改自己的角色'

/** An administrator who may run roles and administrators, and look at users. */
export function makeOfficer(gateway: TestGateway): Promise<TestConsole> {
  const paths = ['/manage/console/role/*', '/manage/console/administrator/*', '/manage/account/user/*']
  return consoleSession(gateway, { paths })
}

interface Role {
  readonly name: string
  readonly built_in: boolean
  readonly admins: number
  readonly permissions: readonly string[]
}

/** A role as the console lists it. */
export async function findRole(admin: TestConsole, name: string): Promise<Role | undefined> {
  const answer = await admin.call('manage.console.role.list')
  return dataOf<{ items: Role[] }>(answer.json).items.find((role) => role.name === name)
}

/** The role of a user as the console lists it; undefined for who is no administrator. */
export async function roleOf(admin: TestConsole, uid: number): Promise<string | undefined> {
  const answer = await admin.call('manage.console.administrator.list')
  const { items } = dataOf<{ items: { user_id: number; role: string }[] }>(answer.json)
  return items.find(({ user_id }) => user_id === uid)?.role
}

/** Makes a role with one path. */
export async function makeRole(admin: TestConsole, role: string, pattern: string): Promise<void> {
  const { json, text } = await admin.call('manage.console.role.grant', { role, pattern })
  if (json?.code !== 0) throw new Error(text)
}
