import { expect } from 'chai'
import { deleteAdmin, saveAdmin } from '../../../../db/admins.js'
import { insertMenu, insertRole, updateRoleMenus } from '../../../../db/admin-roles.js'
import { prepared, withGateway } from '../../../suite.js'
import { builtIn } from './built-in.js'

withGateway('the permissions of administrators', (gateway) => {
  const user = prepared(beforeEach, () => gateway.addUser())

  const listPath = '/manage/account/user/list'
  const errorOf = async (path: string, token: string) =>
    (await gateway.request(`${path}?perm_key=${token}`)).json?.['error']
  const appoint = (roleId: number) =>
    saveAdmin(gateway.db, { user_id: user.uid, user_role_id: roleId, user_admin_ctime: 0 })

  /** Makes the user an administrator with a role of these paths, stored as `separator` joins their menus. */
  async function grant(patterns: readonly string[], separator = ','): Promise<number> {
    const { db } = gateway
    const role = await insertRole(db, '客服')
    const ids: number[] = []
    for (const pattern of patterns) ids.push(await insertMenu(db, pattern))
    await db('admin_user_role')
      .where({ user_role_id: role.user_role_id })
      .update({ menu_ids: ids.join(separator) })
    await appoint(role.user_role_id)
    return role.user_role_id
  }
  const includes = (method: string) => gateway.services.permissions.includes(user.uid, method)

  it('are none for who is no administrator', async () => {
    expect(await gateway.services.permissions.of(user.uid)).to.deep.equal([])
    expect(await includes('manage.account.user.list')).to.equal(false)
  })

  it('are those of the built-in role 管理员: all manage methods of this version', async () => {
    await appoint(1)
    expect([...(await gateway.services.permissions.of(user.uid))].sort()).to.deep.equal([...builtIn].sort())
    for (const method of ['user.edit', 'userSession.revoke', 'audit.list', 'userDeliveryAddress.removeBatch'])
      expect(await includes(`manage.account.${method}`), method).to.equal(true)
    expect(await includes('manage.account.userInvoice.get')).to.equal(false)
    expect(await includes('manage.shop.user.list')).to.equal(false)
  })

  it('are paths by the letter, in which only * stands for any text', async () => {
    await grant(['/manage/account/user/get', '/manage/account/aud*/l*t', '/manage/account/user.ession/*'])
    expect(await includes('manage.account.user.get')).to.equal(true)
    expect(await includes('manage.account.user.getAll')).to.equal(false)
    expect(await includes('manage.account.user.list')).to.equal(false)
    expect(await includes('manage.account.audit.list')).to.equal(true)
    expect(await includes('manage.account.userSession.list')).to.equal(false)
    expect(await includes('x.manage.account.user.get')).to.equal(false)
  })

  it('are everything for a role with *', async () => {
    await grant(['/manage/*'])
    expect(await includes('manage.account.user.list')).to.equal(true)
    expect(await includes('front.account.wechat.getXcxAccessToken')).to.equal(false)
  })

  it('may be stored with spaces, and what is no number is passed over', async () => {
    await grant(['/manage/account/user/get', listPath], ' ,  x, ,,-1,')
    expect([...(await gateway.services.permissions.of(user.uid))].sort()).to.deep.equal([
      '/manage/account/user/get',
      listPath,
    ])
  })

  it('are none for a role that includes nothing, or menus that are none or say nothing', async () => {
    const roleId = await grant([])
    const { db, cache, permissions } = gateway.services
    for (const menu_ids of ['', ' , ', '404404', null, '1 or 1=1']) {
      await db('admin_user_role').where({ user_role_id: roleId }).update({ menu_ids })
      cache.drop(`permissions:${user.uid}`)
      expect(await permissions.of(user.uid), String(menu_ids)).to.deep.equal([])
    }
    await updateRoleMenus(db, roleId, [await insertMenu(db, '')])
    cache.drop(`permissions:${user.uid}`)
    expect(await includes('manage.account.user.list')).to.equal(false)
    expect(await includes('')).to.equal(false)
  })

  it('are none for a role there is not', async () => {
    await appoint(404)
    expect(await includes('manage.account.user.list')).to.equal(false)
    expect(await errorOf(listPath, await user.startSession())).to.equal('PERMISSION_DENIED')
  })

  it('end within two seconds of being taken away, at once where they are forgotten', async () => {
    const { db, cache } = gateway.services
    const token = await user.startSession()
    await appoint(1)
    expect(await errorOf(listPath, token)).to.equal(null)
    await deleteAdmin(db, user.uid)
    cache.drop(`permissions:${user.uid}`)
    expect(await errorOf(listPath, token)).to.equal('PERMISSION_DENIED')
    cache.drop(`permissions:${user.uid}`)
    await appoint(1)
    expect(await errorOf(listPath, token)).to.equal(null)
    await deleteAdmin(db, user.uid)
    const giveUpAt = Date.now() + 3000
    while ((await errorOf(listPath, token)) === null && Date.now() < giveUpAt)
      await new Promise((resolve) => setTimeout(resolve, 50))
    expect(await errorOf(listPath, token)).to.equal('PERMISSION_DENIED')
  })

  it('take a live session: none, an ended, an expired and a locked one have none', async () => {
    await appoint(1)
    const { db, sessions } = gateway.services
    expect(await errorOf(listPath, '')).to.equal('LOGIN_REQUIRED')
    const ended = await user.startSession()
    expect(await errorOf(listPath, ended)).to.equal(null)
    await gateway.request(`/front/account/login/logout?perm_key=${ended}`)
    expect(await errorOf(listPath, ended)).to.equal('TOKEN_BROKEN')
    const locked = await user.startSession()
    await db('account_user_info').where({ user_id: user.uid }).update({ user_state: 0 })
    sessions.forget(user.uid)
    expect(await errorOf(listPath, locked)).to.equal('TOKEN_BROKEN')
    await db('account_user_info').where({ user_id: user.uid }).update({ user_state: 1 })
    sessions.forget(user.uid)
    const expired = await user.startSession()
    gateway.clock.advance(25 * 3_600_000)
    expect(await errorOf(listPath, expired)).to.equal('TOKEN_EXPIRED')
  })

  it("are asked of the token's user, whatever user a call names", async () => {
    const admin = await gateway.addUser()
    await saveAdmin(gateway.db, { user_id: admin.uid, user_role_id: 1, user_admin_ctime: 0 })
    const token = await user.startSession()
    const named = `perm_id=${admin.uid}&user_id=${admin.uid}&role_id=1&user_role_id=1`
    expect((await gateway.request(`${listPath}?perm_key=${token}&${named}`)).json?.code).to.equal(403)
  })
})
