import { expect } from 'chai'
import { permissionDenied } from '../../../answers.js'
import { consoleSession, type TestConsole } from '../../../console.js'
import { dataOf } from '../../../harness.js'
import { prepared, withGateway } from '../../../suite.js'

const roles = '/manage/console/role/*'
const administrators = '/manage/console/administrator/*'
const beyond = '超出您自己的权限'
const own = '不能修改自己的角色'

withGateway('roles and administrators in the console', { CONSOLE: 'on' }, (gateway) => {
  const admin = prepared(before, () => consoleSession(gateway))
  /** May run roles and administrators, and look at users. */
  const officer = prepared(before, () =>
    consoleSession(gateway, { paths: [roles, administrators, '/manage/account/user/*'] }),
  )
  const role = (as: TestConsole, action: string, name: string, pattern: string) =>
    as.call(`manage.console.role.${action}`, { role: name, pattern }).then(({ text }) => text)
  const make = (as: TestConsole, user: number | string, name: string) =>
    as.call('manage.console.administrator.add', { user: String(user), role: name }).then(({ text }) => text)
  const remove = (as: TestConsole, user: number) =>
    as.call('manage.console.administrator.remove', { user: String(user) }).then(({ text }) => text)
  const roleOf = async (uid: number) => {
    const { items } = dataOf<{ items: { user_id: number; role: string }[] }>(
      (await admin.call('manage.console.administrator.list')).json,
    )
    return items.find(({ user_id }) => user_id === uid)?.role
  }

  it('make a role by its first grant, give it to a user, and take it back', async () => {
    expect(await role(officer, 'grant', '客服', '/manage/account/user/get')).to.include('"is_new":true')
    expect(await role(officer, 'grant', '客服', '/manage/account/user/list')).to.include('"is_new":false')
    const { uid } = await gateway.addUser()
    expect(await make(officer, uid, '客服')).to.include('"is_new":true')
    expect(await roleOf(uid)).to.equal('客服')
    expect(await remove(officer, uid)).to.include('"code":0')
    expect(await roleOf(uid)).to.equal(undefined)
    expect(await role(officer, 'revoke', '客服', '/manage/account/user/list')).to.include('"code":0')
    const { items } = dataOf<{ items: { name: string; permissions: string[] }[] }>(
      (await admin.call('manage.console.role.list')).json,
    )
    expect(items.find(({ name }) => name === '客服')?.permissions).to.deep.equal(['/manage/account/user/get'])
  })

  it('say what changes nothing, and who or what there is not', async () => {
    expect(await role(officer, 'grant', '客服', '/manage/account/user/get')).to.include('已有权限')
    expect(await role(officer, 'revoke', '客服', '/manage/account/user/edit')).to.include('没有权限')
    expect(await role(officer, 'revoke', '客户', '/manage/account/user/edit')).to.include('没有角色 客户')
    expect(await make(officer, 404404, '客服')).to.include('没有编号为 404404 的用户')
    expect(await make(officer, 'nobody-of-this-name', '客服')).to.include('没有账号为')
    expect(await remove(officer, (await gateway.addUser()).uid)).to.include('不是管理员')
    expect(await role(officer, 'grant', '客服', '*')).to.include('PARAM_ERROR')
    expect(await role(officer, 'grant', 'a,b', '/manage/account/user/get')).to.include('PARAM_ERROR')
  })

  it('give nobody what the administrator does not have', async () => {
    expect(await role(officer, 'grant', '客服', '/manage/account/userInfo/list')).to.include(beyond)
    expect(await role(officer, 'grant', '客服', '/manage/*')).to.include(beyond)
    expect(await role(officer, 'grant', '新角色', '/manage/console/*')).to.include(beyond)
    expect(await make(officer, (await gateway.addUser()).uid, '管理员')).to.include(beyond)
    expect(await role(officer, 'revoke', '管理员', '/manage/account/user/*')).to.include(beyond)
    expect(await remove(officer, admin.uid)).to.include(beyond)
    expect(await make(officer, admin.uid, '客服')).to.include(beyond)
    expect(await roleOf(admin.uid)).to.equal('管理员')
    const rows = await gateway.db('admin_user_role').where({ user_role_name: '新角色' })
    expect(rows).to.deep.equal([])
  })

  it('let nobody change themselves', async () => {
    expect(await make(officer, officer.uid, '客服')).to.include(own)
    expect(await remove(officer, officer.uid)).to.include(own)
    expect(await role(officer, 'grant', `role of ${officer.uid}`, '/manage/account/user/get')).to.include(own)
    expect(await role(officer, 'revoke', `role of ${officer.uid}`, '/manage/account/user/*')).to.include(own)
    expect(await make(admin, admin.uid, '客服')).to.include(own)
  })

  it('keep a superadmin of the shop', async () => {
    const { uid } = await gateway.addUser()
    await make(admin, uid, '客服')
    await gateway.db('admin_user_admin').where({ user_id: uid }).update({ user_is_superadmin: 1 })
    expect(await remove(admin, uid)).to.include('超级管理员')
  })

  it('of two who remove each other leave one, whom the other can do nothing to any more', async () => {
    for (let round = 0; round < 3; round++) {
      const [one, other] = await Promise.all([consoleSession(gateway), consoleSession(gateway)])
      const answers = await Promise.all([remove(one, other.uid), remove(other, one.uid)])
      expect(answers.filter((text) => text.includes('"code":0')).length, answers.join('\n')).to.equal(1)
      expect([await roleOf(one.uid), await roleOf(other.uid)]).to.have.members(['管理员', undefined])
    }
  })

  it('are open to whom the role includes, with a proof', async () => {
    const reader = await consoleSession(gateway, { paths: ['/manage/console/role/list'] })
    expect(await role(reader, 'grant', '客服', '/manage/console/role/list')).to.equal(permissionDenied)
    expect(await make(reader, reader.uid, '客服')).to.equal(permissionDenied)
    await gateway.db('console_session').where({ user_id: officer.uid }).update({ proved_at: 1 })
    for (const text of [
      await role(officer, 'grant', '客服', '/manage/account/user/get'),
      await role(officer, 'revoke', '客服', '/manage/account/user/get'),
      await make(officer, 1, '客服'),
      await remove(officer, 1),
    ])
      expect(text).to.include('PROOF_NEEDED')
  })

  it('write who changed what into the audit', async () => {
    const [entry] = await gateway.db('audit_entry').where({ action: 'manage.console.role.grant' })
    expect(entry).to.include({ actor_id: officer.uid, detail: 'role 客服, /manage/account/user/get' })
    const [made] = await gateway.db('audit_entry').where({ action: 'manage.console.administrator.add' })
    expect(made).to.include({ actor_id: officer.uid, detail: 'role 客服' })
  })
})
