import { expect } from 'chai'
import { addOfficer } from '../administrators.js'
import { forAdministrators, withAdmin } from '../suite.js'

withAdmin('manage.account.userBindConnect.list', ({ gateway, admin, path, list, refusals }) => {
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
    const { items, records } = await list({ user_id: String(uid), page: '1', size: '10' })
    expect(records).to.equal(2)
    const shown = { bind_time: '2026-03-01 08:00:00', bind_nickname: '张', bind_icon: '/a.png' }
    expect(items).to.deep.equal([
      { bind_id: '+8613912345678', bind_type: 1, ...shown, bind_active: false },
      { bind_id: 'o1', bind_type: 13, ...shown, bind_active: true },
    ])
    expect((await list({ user_id: String(admin.uid) })).items[0]).to.include({ bind_time: null })
  })

  it('is for who may list users', async () => {
    expect(await refusals('GET')).to.deep.equal(forAdministrators)
    const officer = await addOfficer(gateway, 'userInfo/list')
    expect((await officer.get(path)).json?.code).to.equal(0)
  })
})
