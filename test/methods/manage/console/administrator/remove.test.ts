import { expect } from 'chai'
import { consoleSession, type TestConsole } from '../../../../console.js'
import { done } from '../../../../answers.js'
import { prepared } from '../../../../suite.js'
import { beyond, makeOfficer, makeRole, own, roleOf } from '../ranks.js'
import { withConsole } from '../suite.js'

const method = 'manage.console.administrator.remove'

withConsole(method, {}, ({ gateway, admin, send, entries, ...cases }) => {
  const officer = prepared(before, () => makeOfficer(gateway))
  const remove = async (as: TestConsole, uid: number) => (await as.call(method, { user: String(uid) })).text
  const makeAdministrator = async () => {
    const { uid } = await gateway.addUser()
    await admin.call('manage.console.administrator.add', { user: String(uid), role: '客服' })
    return uid
  }
  before(() => makeRole(admin, '客服', '/manage/account/user/get'))

  it('makes an administrator a user again, which ends what the console lets them do', async () => {
    const uid = await makeAdministrator()
    expect(await remove(officer, uid)).to.equal(done)
    expect(await roleOf(admin, uid)).to.equal(undefined)
    expect(await entries()).to.deep.equal([{ actor_id: officer.uid, target_id: uid, detail: '' }])
    const gone = await consoleSession(gateway)
    await send({ user: String(gone.uid) })
    const answer = await gone.call('manage.console.role.list')
    expect(answer.json?.['code'], answer.text).to.not.equal(0)
  })

  it('says who is none, and whom there is not', async () => {
    const { uid } = await gateway.addUser()
    expect(await remove(officer, uid)).to.include(`用户 ${uid} 不是管理员`)
    expect(await remove(officer, 404_404)).to.include('没有编号为 404404 的用户')
    expect((await send({ user: 'nobody-of-this-name' })).text).to.include('没有账号为')
  })

  it('does not help against who is above, oneself, or a superadmin of the shop', async () => {
    expect(await remove(officer, admin.uid)).to.include(beyond)
    expect(await roleOf(admin, admin.uid)).to.equal('管理员')
    expect(await remove(officer, officer.uid)).to.include(own)
    const boss = await makeAdministrator()
    await gateway.db('admin_user_admin').where({ user_id: boss }).update({ user_is_superadmin: 1 })
    expect(await remove(admin, boss)).to.include('超级管理员')
  })

  it('of two who remove each other leaves one, whom the other can do nothing to any more', async () => {
    for (let round = 0; round < 3; round++) {
      const [one, other] = await Promise.all([consoleSession(gateway), consoleSession(gateway)])
      const answers = await Promise.all([remove(one, other.uid), remove(other, one.uid)])
      expect(answers.filter((text) => text.includes('"code":0')).length, answers.join('\n')).to.equal(1)
      const roles = [await roleOf(admin, one.uid), await roleOf(admin, other.uid)]
      expect(roles).to.have.members(['管理员', undefined])
    }
  })

  cases.namesWhatIsWrong({}, { user: undefined })
  cases.wantsProof({ user: '1' })
  cases.isOfTheConsole({ user: '1' })
})
