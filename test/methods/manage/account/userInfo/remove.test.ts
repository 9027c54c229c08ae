import { expect } from 'chai'
import { done, failed, refusal } from '../../../../answers.js'
import { addAdmin, addOfficer, isAlive } from '../administrators.js'
import { forAdministrators, withAdmin } from '../suite.js'

withAdmin('manage.account.userInfo.remove', ({ gateway, admin, send, post, lastEntry, refusals }) => {
  const remove = (user_id: number) => send({ user_id: String(user_id) })

  it('deletes a user with rows, ways to sign in and sessions', async () => {
    const { db } = gateway
    const form = { user_account: 'leaving', user_nickname: '走', user_mobile: '13912345678' }
    await admin.post('/manage/account/userInfo/add', form)
    const user_id = (await db('account_user_base').where({ user_account: 'leaving' }).first())?.user_id ?? 0
    const token = await gateway.services.sessions.start(db, {
      userId: user_id,
      generation: 0,
      app: 'web',
      ip: '',
    })
    expect(await isAlive(gateway, token)).to.equal(true)
    expect((await remove(user_id)).text).to.equal(done)
    expect(await isAlive(gateway, token)).to.equal(false)
    const emptied = [
      'account_user_base',
      'account_user_info',
      'account_user_login',
      'account_user_bind_connect',
      'pay_user_resource',
      'user_identity',
      'user_session',
      'nickname_owner',
    ]
    for (const table of emptied) expect(await db(table).where({ user_id }), table).to.deep.equal([])
    expect(await lastEntry()).to.include({ target_id: user_id })
    expect((await remove(user_id)).text).to.equal(failed)
    expect((await admin.post('/manage/account/userInfo/add', form)).text).to.equal(done)
  })

  it('leaves the caller, superadmins and administrators of the built-in role', async () => {
    const stays = refusal(0, '该账号为系统管理员，不可删除！', 'ADMINISTRATOR_STAYS')
    expect((await remove(admin.uid)).text).to.equal(failed)
    expect((await remove((await addAdmin(gateway)).uid)).text).to.equal(stays)
    const officer = await addOfficer(gateway, 'userInfo/list')
    const row = gateway.db('admin_user_admin').where({ user_id: officer.uid })
    await row.clone().update({ user_is_superadmin: 1 })
    expect((await remove(officer.uid)).text).to.equal(stays)
    await row.clone().update({ user_is_superadmin: 0 })
    expect((await remove(officer.uid)).text).to.equal(done)
    expect(await row.clone()).to.deep.equal([])
  })

  it('is for administrators', async () => {
    expect(await refusals()).to.deep.equal(forAdministrators)
    expect(await post()).to.equal(failed)
  })
})
