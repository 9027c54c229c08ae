import { saveAdmin } from '../../../../db/admins.js'
import { insertMenu, insertRole, listRoles, updateRoleMenus } from '../../../../db/admin-roles.js'
import { GatewayError } from '../../../../gateway/outcome/errors.js'
import type { HttpAnswer } from '../../../fetch-answer.js'
import type { TestGateway, TestUser } from '../../../harness.js'

export interface TestAdmin extends TestUser {
  readonly token: string
  /** Asks a manage path with the administrator's token. */
  get(path: string, params?: Readonly<Record<string, string>>): Promise<HttpAnswer>
  post(path: string, params?: Readonly<Record<string, string>>): Promise<HttpAnswer>
}

/** A user with the built-in role, signed in. */
export async function addAdmin(gateway: TestGateway): Promise<TestAdmin> {
  const { db, clock } = gateway.services
  const user = await gateway.addUser({ password: 'password of an administrator' })
  const role = (await listRoles(db)).find(({ user_role_name }) => user_role_name === '管理员')
  await saveAdmin(db, {
    user_id: user.uid,
    user_role_id: role?.user_role_id ?? 0,
    user_admin_ctime: clock.now(),
  })
  return signedIn(gateway, user)
}

async function signedIn(gateway: TestGateway, user: TestUser): Promise<TestAdmin> {
  const token = await user.startSession()
  const headers = { Authorization: `Bearer ${token}` }
  return {
    ...user,
    token,
    get: (path, params = {}) =>
      gateway.request(`${path}?${new URLSearchParams(params).toString()}`, { headers }),
    post: (path, params = {}) =>
      gateway.request(path, { method: 'POST', headers, body: new URLSearchParams(params) }),
  }
}

/** A user whose role includes these paths and nothing else, `userInfo/list`, signed in. */
export async function addOfficer(gateway: TestGateway, ...paths: readonly string[]): Promise<TestAdmin> {
  const { db, clock } = gateway.services
  const user = await gateway.addUser()
  const role = await insertRole(db, `role of ${user.uid}`)
  const menuIds: number[] = []
  for (const path of paths) menuIds.push(await insertMenu(db, `/manage/account/${path}`))
  await updateRoleMenus(db, role.user_role_id, menuIds)
  await saveAdmin(db, { user_id: user.uid, user_role_id: role.user_role_id, user_admin_ctime: clock.now() })
  return signedIn(gateway, user)
}

/** The data of an answer's list. */
export interface ListData<Item> {
  readonly items: readonly Item[]
  readonly page: number
  readonly size: number
  readonly records: number
  readonly total: number
}

export function listOf<Item = Record<string, unknown>>({ json, text }: HttpAnswer): ListData<Item> {
  if (json?.code !== 0) throw new Error(`no list: ${text}`)
  return json.data as ListData<Item>
}

/** Whether a node still takes a token. */
export async function isAlive({ services }: TestGateway, token: string): Promise<boolean> {
  try {
    await services.sessions.verify(token)
    return true
  } catch (error) {
    if (error instanceof GatewayError) return false
    throw error
  }
}
