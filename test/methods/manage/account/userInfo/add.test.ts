import { expect } from 'chai'
import { done, mobileTaken, refusal } from '../../../../answers.js'
import { withAdmin } from '../suite.js'

withAdmin('manage.account.userInfo.add', ({ gateway, admin, send, post, lastEntry, refusesOthers }) => {
  let numbers = 0
  const form = (fields: Record<string, string> = {}) => {
    numbers += 1
    return {
      user_account: `account_${numbers}`,
      user_nickname: `nickname ${numbers}`,
      user_level_id: '1002',
      user_intl: '+86',
      user_mobile: String(13_912_340_000 + numbers),
      ...fields,
    }
  }
  const add = (fields: Record<string, string> = {}) => send(form(fields))
  const find = (user_account: string) => gateway.db('account_user_info').where({ user_account }).first()
  const count = async () => Number((await gateway.db('account_user_base').count({ n: '*' }))[0]?.['n'])

  it('makes a user as a registration does, with what else was written', async () => {
    const password = 'password of the new one'
    const fields = form({
      user_avatar: '/a.png',
      user_state: '2',
      user_gender: '2',
      user_birthday: '1990-02-03',
      user_email: 'New@example.com',
      tag_ids: '3,5',
      user_parent_id: '1',
      password,
    })
    expect(await post(fields)).to.equal(done)
    const info = await find(fields.user_account)
    expect(info).to.include({
      user_nickname: fields.user_nickname,
      user_level_id: 1002,
      user_mobile: fields.user_mobile,
      user_intl: '+86',
      user_state: 2,
      user_gender: 2,
      user_email: 'new@example.com',
      user_avatar: '/a.png',
      tag_ids: '3,5',
    })
    const user_id = info?.user_id ?? 0
    for (const table of ['account_user_login', 'pay_user_resource', 'account_user_message'])
      expect(await gateway.db(table).where({ user_id }), table).to.have.length(1)
    expect(await gateway.db('user_identity').where({ user_id }).orderBy('kind').pluck('value')).to.deep.equal(
      ['new@example.com', `+86${fields.user_mobile}`],
    )
    expect(await lastEntry()).to.include({ actor_id: admin.uid, target_id: user_id })
    const signIn = new URLSearchParams({ user_account: fields.user_mobile, password })
    const { json } = await gateway.request(`/front/account/login/login?${signIn.toString()}`)
    expect(json?.data).to.include({ user_id })
  })

  it('makes one whom no password fits, where none is given', async () => {
    const fields = form()
    expect(await post(fields)).to.equal(done)
    const user_id = (await find(fields.user_account))?.user_id ?? 0
    expect(await gateway.db('account_user_base').where({ user_id }).first()).to.include({ user_password: '' })
  })

  it('reads the area however it is written', async () => {
    const fields = form({ user_intl: '852+', user_mobile: '51234567' })
    expect(await post(fields)).to.equal(done)
    expect(await find(fields.user_account)).to.include({ user_intl: '+852', user_mobile: '51234567' })
  })

  it('makes nobody whose account, number, address or nickname has its owner', async () => {
    const first = form({ user_email: 'first@example.com' })
    expect(await post(first)).to.equal(done)
    const before = await count()
    expect((await add({ user_account: first.user_account })).text).to.equal(
      refusal(0, '用户已经存在,请更换用户名', 'ACCOUNT_TAKEN'),
    )
    expect((await add({ user_mobile: first.user_mobile })).text).to.equal(mobileTaken)
    expect((await add({ user_email: 'FIRST@example.com' })).json?.['error']).to.equal('EMAIL_TAKEN')
    expect((await add({ user_nickname: first.user_nickname })).text).to.equal(
      refusal(0, '昵称已经存在，请更换！', 'NICKNAME_TAKEN'),
    )
    expect(await count()).to.equal(before)
  })

  it('makes nobody by a malformed form', async () => {
    const before = await count()
    const wrong = [
      [{ user_account: 'a b' }, 'ACCOUNT_FORM'],
      [{ user_account: '' }, 'ACCOUNT_FORM'],
      [{ user_mobile: '123' }, 'MOBILE_FORM'],
      [{ user_email: 'nowhere' }, 'EMAIL_FORM'],
      [{ password: '12345' }, 'PASSWORD_INVALID'],
      [{ user_level_id: '404' }, 'OPERATION_FAILED'],
      [{ user_nickname: '<b>' }, 'PARAM_ERROR'],
    ] as const
    for (const [fields, error] of wrong)
      expect((await add(fields)).json?.['error'], JSON.stringify(fields)).to.equal(error)
    expect(await count()).to.equal(before)
  })

  refusesOthers()
})
