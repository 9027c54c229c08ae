import { expect } from 'chai'
import { consoleSession } from '../../../../console.js'
import { prepared } from '../../../../suite.js'
import { beyond, makeOfficer, makeRole, own, roleOf } from '../ranks.js'
import { withConsole } from '../suite.js'

const method = 'manage.console.administrator.add'

withConsole(method, {}, ({ gateway, admin, ask, send, entries, ...cases }) => {
  const officer = prepared(before, () => makeOfficer(gateway))
  const make = async (user: number | string, role: string) =>
    (await officer.call(method, { user: String(user), role })).text
  before(() => makeRole(admin, '客服', '/manage/account/user/get'))

  it('gives a user a role, by id or by account, and then another', async () => {
    const { uid } = await gateway.addUser()
    const [user] = await gateway.db('account_user_base').where({ user_id: uid }).pluck('user_account')
    expect(await ask({ user, role: '客服' })).to.deep.equal({ user_id: uid, is_new: true })
    expect(await roleOf(admin, uid)).to.equal('客服')
    await makeRole(admin, '编辑', '/manage/account/user/edit')
    expect(await ask({ user: ` ${uid} `, role: '编辑' })).to.deep.equal({ user_id: uid, is_new: false })
    expect(await roleOf(admin, uid)).to.equal('编辑')
    const noted = { actor_id: admin.uid, target_id: uid }
    expect(await entries()).to.deep.equal([
      { ...noted, detail: 'role 客服' },
      { ...noted, detail: 'role 编辑' },
    ])
  })

  it('says which user or role there is not', async () => {
    const { uid } = await gateway.addUser()
    expect(await make(404_404, '客服')).to.include('没有编号为 404404 的用户')
    expect(await make('nobody-of-this-name', '客服')).to.include('没有账号为 nobody-of-this-name 的用户')
    expect(await make(uid, '客户')).to.include('没有角色 客户')
    expect(await roleOf(admin, uid)).to.equal(undefined)
  })

  it('gives nobody what the administrator does not have', async () => {
    const { uid } = await gateway.addUser()
    expect(await make(uid, '管理员')).to.include(beyond)
    expect(await make(admin.uid, '客服')).to.include(beyond)
    expect([await roleOf(admin, uid), await roleOf(admin, admin.uid)]).to.deep.equal([undefined, '管理员'])
    expect(await make(uid, '客服')).to.include('"is_new":true')
  })

  it('lets nobody change themselves', async () => {
    expect(await make(officer.uid, '客服')).to.include(own)
    expect((await send({ user: String(admin.uid), role: '客服' })).text).to.include(own)
  })

  it('leaves a superadmin of the shop as is', async () => {
    const { uid } = await gateway.addUser()
    await send({ user: String(uid), role: '客服' })
    await gateway.db('admin_user_admin').where({ user_id: uid }).update({ user_is_superadmin: 1 })
    const boss = await consoleSession(gateway)
    await gateway.db('admin_user_admin').where({ user_id: boss.uid }).update({ user_is_superadmin: 1 })
    expect((await boss.call(method, { user: String(uid), role: '客服' })).text).to.include('超级管理员')
  })

  const right = { user: '1', role: '客服' }
  cases.namesWhatIsWrong(right, { user: undefined, role: '长'.repeat(51) })
  cases.wantsProof(right)
  cases.isOfTheConsole(right)
})
