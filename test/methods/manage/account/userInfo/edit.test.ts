import { expect } from 'chai'
import { done, failed, mobileTaken, refusal } from '../../../../answers.js'
import { prepared } from '../../../../suite.js'
import { isAlive } from '../administrators.js'
import { forAdministrators, withAdmin } from '../suite.js'

withAdmin('manage.account.userInfo.edit', ({ gateway, admin, send, post, lastEntry, refusals }) => {
  const user = prepared(beforeEach, () => gateway.addUser({ nickname: `n${numbers}`, mobile: nextNumber() }))
  let numbers = 0
  const nextNumber = () => String(13_912_300_000 + (numbers += 1))
  const edit = (fields: Record<string, string>) => send({ user_id: String(user.uid), ...fields })
  const info = () => gateway.db('account_user_info').where({ user_id: user.uid }).first()
  const row = async () => {
    const { json } = await admin.get('/manage/account/userInfo/getUserData', { user_id: String(user.uid) })
    const fields = Object.entries(json?.data ?? {}).filter(([, value]) => typeof value !== 'object')
    return Object.fromEntries(fields.map(([name, value]) => [name, String(value)]))
  }

  it('changes what differs in the whole row that is sent back', async () => {
    await gateway.db('account_user_info').where({ user_id: user.uid }).update({
      user_realname: '张三',
      user_idcard: '1****************X',
      user_is_authentication: 1,
      user_birthday: '1990-02-03',
      user_avatar: '/a.png',
    })
    expect((await edit(await row())).text).to.equal(failed)
    const before = await info()
    const token = await user.startSession()
    const changes = {
      user_nickname: `new ${numbers}`,
      user_avatar: '/b.png',
      user_gender: '2',
      user_level_id: '1003',
      tag_ids: '3,5',
      user_realname: '李四',
      user_is_authentication: '2',
      user_account: 'root',
    }
    expect((await edit({ ...(await row()), ...changes })).text).to.equal(done)
    expect(await info()).to.deep.equal({
      ...before,
      user_nickname: `new ${numbers}`,
      user_avatar: '/b.png',
      user_gender: 2,
      user_level_id: 1003,
      tag_ids: '3,5',
    })
    expect(await isAlive(gateway, token)).to.equal(true)
    expect(await lastEntry()).to.include({
      target_id: user.uid,
      detail: 'user_nickname, user_avatar, user_gender, tag_ids, user_level_id 1001 -> 1003',
    })
  })

  it('binds a new number without a code, which ends the sessions', async () => {
    const token = await user.startSession()
    const user_mobile = nextNumber()
    expect((await edit({ ...(await row()), user_mobile })).text).to.equal(done)
    expect(await info()).to.include({ user_mobile, user_intl: '+86' })
    expect(await isAlive(gateway, token)).to.equal(false)
    expect((await lastEntry())?.detail).to.equal('user_mobile')
    expect((await edit({ user_intl: '966+', user_mobile: '512345678' })).text).to.equal(done)
    expect(await info()).to.include({ user_mobile: '512345678', user_intl: '+966' })
    expect((await edit({ user_intl: '+966', user_mobile: '512345678' })).text).to.equal(failed)
    expect(await gateway.db('user_identity').where({ user_id: user.uid }).pluck('value')).to.deep.equal([
      '+966512345678',
    ])
    expect(
      await gateway.db('account_user_bind_connect').where({ user_id: user.uid }).pluck('bind_id'),
    ).to.deep.equal(['+966512345678'])
  })

  it('binds a new address', async () => {
    const user_email = `New${numbers}@example.com`
    expect((await edit({ user_email })).text).to.equal(done)
    expect(await info()).to.include({ user_email: user_email.toLowerCase() })
    expect((await edit({ user_email })).text).to.equal(failed)
  })

  it('takes no number, address or nickname of another', async () => {
    const mobile = nextNumber()
    const email = `other${numbers}@example.com`
    await gateway.addUser({ nickname: `other ${numbers}`, mobile, email })
    const before = await info()
    expect((await edit({ user_mobile: mobile, user_gender: '2' })).text).to.equal(mobileTaken)
    expect((await edit({ user_email: email, user_gender: '2' })).json?.['error']).to.equal('EMAIL_TAKEN')
    expect((await edit({ user_nickname: `other ${numbers}`, user_gender: '2' })).text).to.equal(
      refusal(0, '昵称已经存在，请更换！', 'NICKNAME_TAKEN'),
    )
    expect((await edit({ user_mobile: '123', user_gender: '2' })).json?.['error']).to.equal('MOBILE_FORM')
    expect(await info()).to.deep.equal(before)
  })

  it('locks a user, which ends the sessions, but not who does it', async () => {
    const token = await user.startSession()
    expect((await edit({ user_state: '0' })).text).to.equal(done)
    expect(await isAlive(gateway, token)).to.equal(false)
    expect((await edit({ user_id: String(admin.uid), user_state: '0' })).text).to.equal(failed)
    expect(await isAlive(gateway, admin.token)).to.equal(true)
  })

  it('leaves the session of an administrator who changes the own number', async () => {
    const other = await admin.startSession()
    const own = { user_id: String(admin.uid), user_mobile: nextNumber() }
    expect((await edit(own)).text).to.equal(done)
    expect(await isAlive(gateway, admin.token)).to.equal(true)
    expect(await isAlive(gateway, other)).to.equal(false)
  })

  it('gives no level there is not, and none but a level', async () => {
    expect((await edit({ user_level_id: '404', user_gender: '2' })).text).to.equal(failed)
    expect((await edit({ user_level_id: '1002' })).text).to.equal(done)
    expect((await edit({ user_level_id: '0' })).text).to.equal(failed)
    expect((await info())?.user_level_id).to.equal(1002)
  })

  it('is for administrators, and for a user there is', async () => {
    expect(await refusals()).to.deep.equal(forAdministrators)
    expect((await edit({ user_id: '404404', user_gender: '2' })).text).to.equal(failed)
    expect(await post({ user_gender: '2' })).to.equal(failed)
  })
})
