import { expect } from 'chai'
import { failed, loginRequired, paramRefusal } from '../../../../answers.js'
import { prepared } from '../../../../suite.js'
import { forAdministrators, withAdmin } from '../suite.js'

withAdmin('manage.account.user.get', ({ gateway, admin, path, ask, refusals }) => {
  const user = prepared(before, () => gateway.addUser({ nickname: '张三', mobile: '13912345678' }))

  it('shows a user with the certificate, the number of the card masked', async () => {
    await gateway.db('account_user_info').where({ user_id: user.uid }).update({
      user_idcard: '110101199003070134',
      user_idcard_images: '/cards/1.png,https://img.example.com/2.png',
      user_is_authentication: 3,
      user_level_id: 1002,
    })
    await gateway.db('user_certificate').insert({
      user_id: user.uid,
      sealed_idcard: 'sealed',
      submitted_at: 5,
      reviewed_at: 7,
      reviewer_id: admin.uid,
      review_note: '照片不清楚',
    })
    const { json, text } = await ask({ user_id: String(user.uid) })
    expect(json?.data).to.include({
      user_id: user.uid,
      user_nickname: '张三',
      user_mobile: '13912345678',
      user_idcard: '1****************4',
      user_is_authentication: 3,
      user_level_name: 'vip2',
      certificate_time: 5,
      review_time: 7,
      reviewer_id: admin.uid,
      review_note: '照片不清楚',
    })
    expect((json?.data as Record<string, unknown> | undefined)?.['user_idcard_image_list']).to.deep.equal([
      'http://passport.test/cards/1.png',
      'https://img.example.com/2.png',
    ])
    for (const secret of ['110101199003070134', 'sealed', 'argon2', 'password', 'salt'])
      expect(text).not.to.include(secret)
  })

  it('shows a user of an imported table who has no other rows yet', async () => {
    const bare = await gateway.addUser()
    await gateway.db('account_user_info').where({ user_id: bare.uid }).delete()
    expect((await ask({ userId: String(bare.uid) })).json?.data).to.include({
      user_id: bare.uid,
      user_nickname: '',
      user_state: 1,
      user_intl: '+86',
      user_birthday: null,
      certificate_time: null,
      review_time: null,
      reviewer_id: 0,
    })
  })

  it('fails for a user there is not, and wants an id', async () => {
    expect((await ask({ user_id: '404404' })).text).to.equal(failed)
    expect((await ask()).text).to.equal(paramRefusal('user_id: integer from 0 to 9007199254740991'))
    expect((await ask({ user_id: `${user.uid} or 1=1` })).json?.code).to.equal(300)
  })

  it('is for administrators, a member may not even see their own account', async () => {
    const own = { user_id: String(user.uid) }
    expect(await refusals('GET', own, user)).to.deep.equal(forAdministrators)
    expect((await gateway.request(path)).text).to.equal(loginRequired)
  })
})
