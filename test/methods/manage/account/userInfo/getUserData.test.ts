import { expect } from 'chai'
import { failed, loginRequired, permissionDenied } from '../../../../answers.js'
import { addOfficer } from '../administrators.js'
import { addGroup, addTag } from '../tags.js'
import { withAdmin } from '../suite.js'

withAdmin('manage.account.userInfo.getUserData', ({ gateway, admin, path, ask }) => {
  it('shows all of a user', async () => {
    const { db } = gateway
    const { uid } = await gateway.addUser({ nickname: '张三', mobile: '13912345678' })
    const tag = await addTag(gateway, { tag_title: 'one', tag_group_id: await addGroup(gateway, 'A') })
    await db('account_user_info')
      .where({ user_id: uid })
      .update({ tag_ids: `404,${tag}`, user_level_id: 1002, user_idcard_images: '/front.png,/back.png' })
    await db('pay_user_resource').insert({ user_id: uid, user_money: '12.5', user_points: 30 })
    await db('account_user_login').insert({ user_id: uid, user_reg_time: 5, user_lastlogin_time: 7 })
    const address = { user_id: uid, ud_province: '上海', ud_city: '上海市', ud_county: '黄浦区' }
    await db('account_user_delivery_address').insert({ ...address, ud_address: '1 号', ud_is_default: 1 })
    await db('account_user_delivery_address').insert({ ...address, ud_address: '2 号' })
    const { json } = await ask({ user_id: String(uid) })
    expect(json?.data).to.deep.include({
      user_id: uid,
      user_nickname: '张三',
      user_mobile: '13912345678',
      user_level_name: 'vip2',
      tag_ids: String(tag),
      tag_titles: 'one',
      tag_title_list: ['one'],
      tag_group_names: 'A',
      user_idcard_image_list: ['http://passport.test/front.png', 'http://passport.test/back.png'],
      ud_address: '上海上海市黄浦区1 号',
      user_reg_time: 5,
      user_login_time: 7,
      user_money: 12.5,
      user_points: 30,
      user_sp: 0,
      month_order: 0,
      user_commission_now: 0,
      month_commission_buy: 0,
      user_parent_id: null,
    })
  })

  it('shows who asks without naming anybody, and is null where nothing is known', async () => {
    const member = await gateway.addUser({ nickname: 'me' })
    const token = await member.startSession()
    const own = await gateway.request(`${path}?perm_key=${token}`)
    expect(own.json?.data).to.include({
      user_id: member.uid,
      user_login_time: null,
      user_money: 0,
      ud_address: '',
      tag_ids: '',
    })
    const named = await gateway.request(`${path}?perm_key=${token}&user_id=${member.uid}`)
    expect(named.text).to.equal(own.text)
  })

  it('shows another only to who may list users', async () => {
    const member = await gateway.addUser()
    const query = `${path}?user_id=${admin.uid}&perm_key=`
    expect((await gateway.request(query + (await member.startSession()))).text).to.equal(permissionDenied)
    const officer = await addOfficer(gateway, 'userInfo/list')
    expect((await officer.get(path, { user_id: String(member.uid) })).json?.code).to.equal(0)
    expect((await officer.get(path, { user_id: '404404' })).text).to.equal(failed)
    expect((await gateway.request(path)).text).to.equal(loginRequired)
  })
})
