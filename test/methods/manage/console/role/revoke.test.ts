import { expect } from 'chai'
import { done } from '../../../../answers.js'
import { consoleSession } from '../../../../console.js'
import { prepared } from '../../../../suite.js'
import { beyond, findRole, makeOfficer, makeRole, own } from '../ranks.js'
import { withConsole } from '../suite.js'

const method = 'manage.console.role.revoke'

withConsole(method, {}, ({ gateway, admin, entries, ...cases }) => {
  const officer = prepared(before, () => makeOfficer(gateway))
  const revoke = async (role: string, pattern: string) => (await officer.call(method, { role, pattern })).text
  before(async () => {
    for (const name of ['get', 'list']) await makeRole(admin, '客服', `/manage/account/user/${name}`)
  })

  it('takes a path away from a role, and from whoever has the role at once', async () => {
    const clerk = await consoleSession(gateway, { role: '客服' })
    const list = () => clerk.call('manage.account.user.list')
    expect((await list()).json).to.include({ code: 0 })
    expect(await revoke('客服', '/manage/account/user/list')).to.equal(done)
    expect((await list()).json).to.include({ error: 'PERMISSION_DENIED' })
    expect((await findRole(admin, '客服'))?.permissions).to.deep.equal(['/manage/account/user/get'])
    const detail = 'role 客服, /manage/account/user/list'
    expect(await entries()).to.deep.equal([{ actor_id: officer.uid, target_id: 0, detail }])
  })

  it('says what the role does not have, and what role there is not', async () => {
    expect(await revoke('客服', '/manage/account/user/edit')).to.include('没有权限')
    expect(await revoke('客户', '/manage/account/user/edit')).to.include('没有角色 客户')
  })

  it('changes neither the own role nor one above', async () => {
    expect(await revoke('管理员', '/manage/account/user/*')).to.include(beyond)
    expect(await revoke(`role of ${officer.uid}`, '/manage/account/user/*')).to.include(own)
  })

  const right = { role: '客服', pattern: '/manage/account/user/get' }
  cases.namesWhatIsWrong(right, { role: undefined, pattern: undefined })
  cases.wantsProof(right)
  cases.isOfTheConsole(right)
})
