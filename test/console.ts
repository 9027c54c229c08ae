import type { Page } from 'playwright-core'
import { saveAdmin } from '../db/admins.js'
import { insertMenu, insertRole, listRoles, updateRoleMenus } from '../db/admin-roles.js'
import { consoleCookie } from '../gateway/console/api/cookies.js'
import type { HttpAnswer } from './fetch-answer.js'
import type { TestGateway } from './harness.js'

/** An administrator who is signed in to the console of a gateway with CONSOLE=on. */
export interface TestConsole {
  readonly uid: number
  readonly account: string
  readonly password: string
  /** The header `Cookie` of the session. */
  readonly cookie: string
  /** Calls a method by its name, `manage.console.users.list`, and returns the whole answer. */
  readonly call: (method: string, params?: object) => Promise<HttpAnswer>
}

interface NewTestConsole {
  /** Paths or patterns that the role includes, `/manage/console/*`; absent: the built-in role, which includes all. */
  readonly paths?: readonly string[]
  /** The name of a role that there is, in place of `paths`. */
  readonly role?: string
}

/** An administrator with a password, not signed in. */
export async function addConsoleAdmin(
  gateway: TestGateway,
  { paths, role = '管理员' }: NewTestConsole = {},
): Promise<Pick<TestConsole, 'uid' | 'account' | 'password'>> {
  const { db, clock } = gateway
  const { uid, password } = await gateway.addUser({ password: 'password of an administrator' })
  const [account = ''] = await db('account_user_base').where({ user_id: uid }).pluck('user_account')
  let roleId = (await listRoles(db)).find(({ user_role_name }) => user_role_name === role)?.user_role_id
  if (paths) {
    roleId = (await insertRole(db, `role of ${uid}`)).user_role_id
    const menuIds: number[] = []
    for (const path of paths) menuIds.push(await insertMenu(db, path))
    await updateRoleMenus(db, roleId, menuIds)
  }
  await saveAdmin(db, { user_id: uid, user_role_id: roleId ?? 0, user_admin_ctime: clock.now() })
  return { uid, account, password }
}

/** Adds an administrator and signs in to the console, without a second factor, as outside production. */
export async function consoleSession(gateway: TestGateway, admin: NewTestConsole = {}): Promise<TestConsole> {
  const added = await addConsoleAdmin(gateway, admin)
  const { account: name, password } = added
  const answer = await postConsole(gateway, '/session/password', { name, password })
  const cookie = cookieOf(answer)
  if (cookie === undefined) throw new Error(`no session: ${answer.text}`)
  return {
    ...added,
    cookie,
    call: (method, params = {}) =>
      postConsole(gateway, `/${method.replaceAll('.', '/')}`, params, { Cookie: cookie }),
  }
}

/** Posts to `/console/api` as the page does; a header of undefined is left out. */
export function postConsole(
  gateway: Pick<TestGateway, 'request' | 'url'>,
  path: string,
  params: object = {},
  headers: Readonly<Record<string, string | undefined>> = {},
): Promise<HttpAnswer> {
  const all = { 'Content-Type': 'application/json', Origin: gateway.url, ...headers }
  const sent = Object.entries(all).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]]))
  return gateway.request(`/console/api${path}`, {
    method: 'POST',
    headers: Object.fromEntries(sent) as Record<string, string>,
    body: JSON.stringify(params),
  })
}

/** The header `Cookie` by which a browser would send back the session that an answer sets. */
export function cookieOf({ headers }: HttpAnswer): string | undefined {
  const [, value] = new RegExp(`^${consoleCookie}=([^;]+);`).exec(headers.get('set-cookie') ?? '') ?? []
  return value === undefined ? undefined : `${consoleCookie}=${value}`
}

/** Gives a browser's page the session, as if its user had signed in there; to be done before the console is opened. */
export async function bringSession(
  page: Page,
  { url }: Pick<TestGateway, 'url'>,
  cookie: string,
): Promise<void> {
  const value = cookie.slice(consoleCookie.length + 1)
  const { hostname: domain } = new URL(url)
  await page
    .context()
    .addCookies([
      { name: consoleCookie, value, domain, path: '/', secure: true, httpOnly: true, sameSite: 'Strict' },
    ])
}
