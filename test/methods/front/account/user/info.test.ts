import { expect } from 'chai'
import { doneWith, refusal, succeededWith } from '../../../../answers.js'
import { revokeSession } from '../../../../../db/sessions.js'
import { transaction } from '../../../../../db/transaction.js'
import { updateState } from '../../../../../db/users.js'
import { register } from '../../../../../methods/rules/accounts/registrations.js'
import { signIn } from '../../../../../methods/rules/accounts/sign-ins.js'
import type { TestUser } from '../../../../harness.js'
import { statementsDuring } from '../../../../db/statements.js'
import { withGatewayPerTest } from '../../../../suite.js'

const path = '/front/account/user/info'
const nobody = refusal(0, '尚未登录', 'NOT_SIGNED_IN')
const start = Date.UTC(2026, 0, 5, 8)

/** What a user has of whom nothing is known but id and account, in the order of the wire. */
const blank = {
  chain_id: 0,
  client_id: 0,
  commission_amount: 0,
  currency_id: 86,
  currency_symbol_left: '￥',
  month_order: 0,
  month_trade: 0,
  permissions: [] as string[],
  role_id: 0,
  roles: [] as string[],
  site_id: 0,
  store_id: 0,
  tag_group_names: '',
  tag_ids: '',
  tag_title_list: [],
  tag_titles: '',
  total_order: 0,
  total_trade: 0,
  ud_address: '',
  user_account: '',
  user_avatar: '',
  user_birthday: '1971-01-01 00:00:00' as string | null,
  user_credit: 0,
  user_credit_frozen: 0,
  user_credit_total: 0,
  user_credit_used: 0,
  user_email: '',
  user_exp: 0,
  user_gender: 0,
  user_id: 0,
  user_idcard: '',
  user_idcard_image_list: [] as string[],
  user_idcard_images: '',
  user_intl: '+86',
  user_is_authentication: 0,
  user_level_id: 1001,
  user_level_name: 'vip1',
  user_login_time: 0,
  user_margin: 0,
  user_mobile: '',
  user_money: 0,
  user_money_frozen: 0,
  user_nickname: '',
  user_points: 0,
  user_points_frozen: 0,
  user_realname: '',
  user_recharge_card: 0,
  user_recharge_card_frozen: 0,
  user_redpack: 0,
  user_redpack_frozen: 0,
  user_reg_time: 0,
  user_state: 1,
  voucher: 0,
  wait_pay_num: 0,
  favorites_goods_num: 0,
  concern_num: 0,
  unread_number: 0,
  user_sign: '',
  im: { puid: '' },
}

withGatewayPerTest('front.account.user.info', (gateway) => {
  beforeEach(() => gateway.clock.freeze(start))

  const ask = (token: string) => gateway.request(path, { headers: { Authorization: `Bearer ${token}` } })
  const infoOf = async (user: TestUser) =>
    (await ask(await user.startSession())).json?.data as Record<string, unknown>

  it('shows a new user what registration and signing in have given', async () => {
    const { services } = gateway
    const mobile = { area: '86', number: '13700000001' }
    const registered = await transaction(services, (services) =>
      register(services, { account: 'newcomer', nickname: '新人', mobile, ip: '127.0.0.1' }),
    )
    gateway.clock.advance(1000)
    const call = { action: 'test', app: undefined, session: undefined, ip: '127.0.0.1' }
    const { token } = await signIn(services, registered, call)
    const { status, text } = await ask(token)
    const data = {
      ...blank,
      user_account: 'newcomer',
      user_exp: 50,
      user_id: registered.user_id,
      user_login_time: start + 1000,
      user_mobile: '13700000001',
      user_nickname: '新人',
      user_points: 30,
      user_reg_time: start,
      unread_number: 1,
      im: { puid: String(registered.user_id) },
    }
    expect(status).to.equal(200)
    expect(text).to.equal(doneWith(JSON.stringify(data)))
    const { text: other } = await gateway.request(
      `/gateway?method=front.account.user.info&session_key=${token}`,
    )
    expect(other).to.equal(succeededWith(JSON.stringify(data)))
  })

  it('answers "not signed in" to every caller without a live session, and never 401', async () => {
    const user = await gateway.addUser()
    const ended = await user.startSession()
    const sessionId = JSON.parse(Buffer.from(ended.split('.')[1] ?? '', 'base64url').toString()).jti
    await revokeSession(gateway.db, sessionId, start)
    const old = await user.startSession()
    gateway.clock.advance(25 * 3_600_000)
    for (const token of ['', 'null', 'undefined', 'forged', 'a.b.c', ended, old]) {
      const { status, text } = await ask(token)
      expect(status).to.equal(200)
      expect(text, token).to.equal(nobody)
    }
    expect((await gateway.request(path)).text).to.equal(nobody)
    const { json } = await gateway.request('/gateway?method=front.account.user.info')
    expect(json?.code).to.equal(10014)
  })

  it('answers "not signed in" as soon as a user is locked or gone', async () => {
    const user = await gateway.addUser()
    const token = await user.startSession()
    expect((await ask(token)).json?.code).to.equal(0)
    // The session is still remembered: nobody was told to forget it.
    await updateState(gateway.db, user.uid, 0)
    expect((await ask(token)).text).to.equal(nobody)
    await updateState(gateway.db, user.uid, 2)
    expect((await ask(token)).json?.data).to.include({ user_state: 2 })
    await gateway.db('account_user_base').where({ user_id: user.uid }).delete()
    expect((await ask(token)).text).to.equal(nobody)
  })

  it('shows what a user has filled in, in the forms that clients read', async () => {
    const user = await gateway.addUser({ nickname: '小明', mobile: '13700000002', email: 'ming@example.com' })
    await gateway.db('account_user_info').where({ user_id: user.uid }).update({
      user_avatar: '/upload/ming.png',
      user_birthday: '1990-02-03',
      user_gender: 2,
      user_level_id: 1002,
      user_realname: '张三',
      user_idcard: '11010519491231002X',
      user_idcard_images: 'https://img.example.com/1.jpg,/upload/2.jpg',
      user_is_authentication: 2,
      user_sign: '你好',
      tag_ids: '1,2',
    })
    await gateway
      .db('pay_user_resource')
      .insert({ user_id: user.uid, user_money: 12.5, user_points: 7, user_exp: 9 })
    expect(await infoOf(user)).to.include({
      user_avatar: 'http://passport.test/upload/ming.png',
      user_birthday: '1990-02-03 00:00:00',
      user_email: 'ming@example.com',
      user_gender: 2,
      user_idcard: '1****************X',
      user_idcard_images: 'https://img.example.com/1.jpg,/upload/2.jpg',
      user_intl: '+86',
      user_is_authentication: 2,
      user_level_id: 1002,
      user_level_name: 'vip2',
      user_mobile: '13700000002',
      user_money: 12.5,
      user_nickname: '小明',
      user_points: 7,
      user_exp: 9,
      user_realname: '张三',
      user_sign: '你好',
      tag_ids: '1,2',
    })
    expect((await infoOf(user))['user_idcard_image_list']).to.deep.equal([
      'https://img.example.com/1.jpg',
      'http://passport.test/upload/2.jpg',
    ])
  })

  it('copes with what old rows hold: numbers with their country code, no rows but the first', async () => {
    const user = await gateway.addUser()
    await gateway.db('account_user_info').where({ user_id: user.uid }).update({
      user_intl: '',
      user_mobile: '+8613700000003',
      user_avatar: 'https://img.example.com/old.png',
    })
    expect(await infoOf(user)).to.include({
      user_intl: '+86',
      user_mobile: '13700000003',
      user_avatar: 'https://img.example.com/old.png',
    })
    await gateway.db('account_user_info').where({ user_id: user.uid }).delete()
    expect(await infoOf(user)).to.include({ user_intl: '+86', user_state: 1, user_mobile: '' })
  })

  it('names the role of an administrator, and the paths that role may call', async () => {
    const user = await gateway.addUser()
    await gateway.db('admin_user_admin').insert({ user_id: user.uid, user_role_id: 1 })
    const info = await infoOf(user)
    expect(info['role_id']).to.equal(1)
    expect(info['roles']).to.deep.equal(['管理员'])
    expect(info['permissions']).to.include('/manage/account/user/*')
  })

  it("counts the user's own unread messages only", async () => {
    const user = await gateway.addUser()
    const message = { user_id: user.uid, message_title: '', message_content: '', message_time: start }
    await gateway.db('account_user_message').insert([
      { ...message, message_kind: 2, message_is_read: 0 },
      { ...message, message_kind: 2, message_is_read: 1 },
      { ...message, message_kind: 1, message_is_read: 0 },
      { ...message, message_kind: 2, message_is_read: 0, user_id: user.uid + 1 },
    ])
    expect((await infoOf(user))['unread_number']).to.equal(1)
  })

  it('takes at most five statements, whoever asks, two of them of a session that is not remembered', async () => {
    const user = await gateway.addUser()
    await gateway.db('admin_user_admin').insert({ user_id: user.uid, user_role_id: 1 })
    const token = await user.startSession()
    const { result, statements } = await statementsDuring(gateway.db, () => ask(token))
    expect(result.json?.code).to.equal(0)
    expect(statements, statements.join('\n')).to.have.length.within(1, 5)
  })

  it('shows nobody but the caller, whatever userId the call names', async () => {
    const [user, other] = [await gateway.addUser(), await gateway.addUser()]
    const token = await user.startSession()
    const { json } = await gateway.request(
      `${path}?userId=${other.uid}&user_id=${other.uid}&perm_key=${token}`,
    )
    expect(json?.data).to.include({ user_id: user.uid })
  })
})
