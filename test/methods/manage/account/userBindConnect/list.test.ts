import { expect } from 'chai'
import { prepared, withGateway } from '../../../../suite.js'
import { addAdmin, addOfficer, forAdministrators, listOf, refusalsOf } from '../administrators.js'

const path = '/manage/account/userBindConnect/list'

withGateway('manage.account.userBindConnect.list', (gateway) => {
  const admin = prepared(before, () => addAdmin(gateway))
  it('shows by what a user is known, but not to WeChat', async () => {
    const { uid } = await gateway.addUser()
    const bind_time = Date.parse('2026-03-01T08:00:00+08:00')
    const row = {
      user_id: uid,
      bind_time,
      bind_nickname: '张',
      bind_icon: '/a.png',
      bind_openid: '',
      bind_unionid: '',
      bind_active: 1,
    }
    await gateway.db('account_user_bind_connect').insert([
      { ...row, bind_type: 13, bind_id: 'o1', bind_openid: 'o1', bind_unionid: 'u1' },
      { ...row, bind_type: 1, bind_id: '+8613912345678', bind_openid: '+8613912345678', bind_active: 0 },
      { ...row, bind_type: 1, bind_id: '+8613900000000', user_id: admin.uid, bind_time: 0 },
    ])
    const { items, records } = listOf(await admin.get(path, { user_id: String(uid), page: '1', size: '10' }))
    expect(records).to.equal(2)
    const shown = { bind_time: '2026-03-01 08:00:00', bind_nickname: '张', bind_icon: '/a.png' }
    expect(items).to.deep.equal([
      { bind_id: '+8613912345678', bind_type: 1, ...shown, bind_active: false },
      { bind_id: 'o1', bind_type: 13, ...shown, bind_active: true },
    ])
    expect(listOf(await admin.get(path, { user_id: String(admin.uid) })).items[0]).to.include({
      bind_time: null,
    })
  })

  it('is for who may list users', async () => {
    expect(await refusalsOf(gateway, path, 'GET')).to.deep.equal(forAdministrators)
    const officer = await addOfficer(gateway, 'userInfo/list')
    expect((await officer.get(path)).json?.code).to.equal(0)
  })
})
