import { expect } from 'chai'
import { up as renameColumns } from '../../../../db/migrations/0016-shop-columns.js'
import { up } from '../../../../db/migrations/0019-new-user-rows.js'
import { updateState } from '../../../../db/users.js'
import { keepHouse } from '../../../../gateway/start/housekeeping.js'
import { userLocked } from '../../../answers.js'
import { createAccountClient, manyCodes, pictureText, tokenOf } from '../../front/account/account-client.js'
import { dataOf } from '../../../harness.js'
import { withGateway } from '../../../suite.js'

/** 16:00 in Shanghai. */
const now = Date.UTC(2026, 0, 5, 8)

withGateway('the rows of a new user (account-beside.md §6)', manyCodes, (gateway) => {
  before(() => gateway.clock.freeze(now))
  const client = createAccountClient(gateway)
  const db = () => gateway.db
  const password = 'a new password'

  async function registered(fields: Record<string, string>) {
    const answer = await client.post('login/register', { password, ...fields })
    const token = tokenOf(answer)
    return { token, userId: dataOf<{ user_id: number }>(answer.json).user_id }
  }
  const byMobile = async (mobile: string, fields: Record<string, string> = {}) =>
    registered({
      bind_type: '1',
      verify_key: mobile,
      verify_code: await client.receiveCode(mobile),
      ...fields,
    })
  const byAccount = async (user_account: string, fields: Record<string, string> = {}) =>
    registered({
      bind_type: '3',
      user_account,
      verify_key: await client.drawPicture(),
      verify_code: pictureText,
      ...fields,
    })
  const rowsOf = async (table: string, userId: number): Promise<Record<string, unknown>[]> =>
    db().from(table).where({ user_id: userId })
  const infoOf = async (userId: number) => (await rowsOf('account_user_info', userId))[0]
  const day = (value: unknown) => (value instanceof Date ? value.toISOString() : String(value)).slice(0, 10)

  it('account_user_info: a level, a nickname that is not the number, 1971-01-01, +86', async () => {
    const { userId } = await byMobile('13500000001')
    const info = await infoOf(userId)
    expect(info).to.include({
      user_avatar: '',
      user_level_id: 1001,
      user_gender: 0,
      user_intl: '+86',
      user_mobile: '13500000001',
      user_email: '',
      user_state: 1,
      user_from: 2310,
      user_new: 1,
      tag_ids: '',
    })
    expect(day(info?.['user_birthday'])).to.equal('1971-01-01')
    expect(info?.['user_nickname']).to.match(/^用户[0-9a-f]{10}$/)
    const byMail = await registered({
      bind_type: '2',
      verify_key: 'rows@example.com',
      verify_code: await client.receiveMail('rows@example.com'),
    })
    expect(await infoOf(byMail.userId)).to.include({
      user_email: 'rows@example.com',
      user_mobile: '',
      user_intl: '+86',
    })
  })

  it('account_user_info: the nickname and the picture that were sent, else the account', async () => {
    const sent = { user_nickname: '新人', user_avatar: '/upload/new.png' }
    const { userId } = await byMobile('13500000002', sent)
    expect(await infoOf(userId)).to.include(sent)
    expect(await infoOf((await byAccount('chosen_one')).userId)).to.include({ user_nickname: 'chosen_one' })
    const numbered = await byMobile('13500000003', { user_nickname: '+8613500000003' })
    expect((await infoOf(numbered.userId))?.['user_nickname']).to.match(/^用户/)
  })

  it('the lowest level there is where 1001 is gone, and never 0', async () => {
    const levels = await db()('account_user_level').where({ user_level_id: 1001 })
    await db()('account_user_level').where({ user_level_id: 1001 }).delete()
    try {
      expect(await infoOf((await byAccount('level_two')).userId)).to.include({ user_level_id: 1002 })
    } finally {
      await db()('account_user_level').insert(levels)
    }
  })

  it('account_user_login: registered and signed in last at that moment, from there', async () => {
    const { userId } = await byAccount('login_rows')
    const [login] = await rowsOf('account_user_login', userId)
    expect(login).to.include({
      user_reg_time: now,
      user_reg_ip: '127.0.0.1',
      user_lastlogin_time: now,
      user_lastlogin_ip: '127.0.0.1',
      user_clientid: '',
    })
    expect(day(login?.['user_reg_date'])).to.equal('2026-01-05')
    expect(await rowsOf('account_user_login_history', userId)).to.have.length(1)
    expect((await rowsOf('account_user_login_history', userId))[0]).to.include({
      user_account: 'login_rows',
      user_login_ip: '127.0.0.1',
      user_login_time: now,
      user_login_state: 1,
    })
  })

  it('account_user_bind_connect: numbers and addresses with their openid, accounts not at all', async () => {
    const { userId } = await byMobile('13500000004', { user_account: 'bound_rows' })
    const rows = await rowsOf('account_user_bind_connect', userId)
    expect(
      rows.map(({ bind_type, bind_id, bind_openid, bind_active }) => [
        bind_type,
        bind_id,
        bind_openid,
        bind_active,
      ]),
    ).to.deep.equal([[1, '+8613500000004', '+8613500000004', 1]])
    expect(await rowsOf('account_user_bind_connect', (await byAccount('unbound_rows')).userId)).to.deep.equal(
      [],
    )
  })

  it('pay_user_resource and the histories, in the old columns', async () => {
    const { userId } = await byAccount('growing_one')
    const [resource] = await rowsOf('pay_user_resource', userId)
    expect([Number(resource?.['user_points']), Number(resource?.['user_exp'])]).to.deep.equal([30, 50])
    const [points] = await rowsOf('pay_user_points_history', userId)
    expect(points).to.include({
      points_kind_id: 1,
      points_type_id: 1,
      points_log_time: now,
      points_log_desc: '注册赠送积分 30',
      store_id: 0,
      user_id_other: 0,
      points_log_state: 1,
      ext_id: '',
    })
    expect([Number(points?.['points_log_points']), Number(points?.['user_points'])]).to.deep.equal([30, 30])
    expect(day(points?.['points_log_date'])).to.equal('2026-01-05')
    await db()('sys_config_base').insert({ config_key: 'exp_reg', config_value: '7', config_enable: 1 })
    const second = await byAccount('growing_two')
    await db()('sys_config_base').where({ config_key: 'exp_reg' }).delete()
    const [exp] = await db().from('pay_user_exp_history').where({ user_id: second.userId, exp_type_id: 1 })
    expect(exp).to.include({ exp_kind_id: 1, exp_log_desc: '用户注册', exp_log_time: now, store_id: 0 })
    expect([Number(exp['exp_log_value']), Number(exp['user_exp'])]).to.deep.equal([7, 0])
    expect(day(exp['exp_log_date'])).to.equal('2026-01-05')
  })

  it('front/account/user/info is never without level name and birthday, and tag_ids is text', async () => {
    const { token } = await byAccount('shown_one')
    expect((await client.get('user/info', {}, token)).json?.data).to.include({
      user_level_id: 1001,
      user_level_name: 'vip1',
      user_birthday: '1971-01-01 00:00:00',
      tag_ids: '',
    })
  })

  it('unBindMobile leaves +86', async () => {
    const { token, userId } = await byMobile('13500000005', { user_account: 'unbinding' })
    const verify_code = await client.receiveCode('13500000005')
    await client.post('user/unBindMobile', { verify_key: '+8613500000005', verify_code }, token)
    expect(await infoOf(userId)).to.include({ user_intl: '+86', user_mobile: '' })
    expect(await rowsOf('account_user_bind_connect', userId)).to.deep.equal([])
  })

  it('a lock holds where the old shop writes back the row that it read before', async () => {
    const { userId, token } = await byAccount('locked_one')
    await updateState(db(), userId, 0)
    await db().from('account_user_info').where({ user_id: userId }).update({ user_state: 1 })
    gateway.services.sessions.forget(userId)
    const signIn = () => client.post('login/login', { user_account: 'locked_one', password })
    expect((await signIn()).text).to.equal(userLocked)
    expect((await client.get('user/info', {}, token)).json).to.include({ msg: '尚未登录' })
    await keepHouse(gateway.services)
    expect(await infoOf(userId)).to.include({ user_state: 0 })
    await updateState(db(), userId, 1)
    expect((await signIn()).json).to.include({ status: 200 })
  })

  it('rows of earlier versions are repaired once, those of an old shop are left', async () => {
    const old = { user_level_id: 0, user_nickname: '', user_birthday: null }
    const [ours, shops] = [await gateway.addUser(), await gateway.addUser()]
    for (const { uid } of [ours, shops])
      await db().from('account_user_info').where({ user_id: uid }).update(old)
    await db().from('account_user_base').where({ user_id: shops.uid }).update({ user_created_at: 0 })
    await up(db())
    const repaired = await infoOf(ours.uid)
    expect(repaired).to.include({ user_level_id: 1001, user_nickname: `用户${ours.uid}` })
    expect(day(repaired?.['user_birthday'])).to.equal('1971-01-01')
    expect(await infoOf(shops.uid)).to.include(old)
  })

  it('points histories of earlier versions get the old columns, with the balance after, wherever it is cut off', async () => {
    const table = 'pay_user_points_history'
    await db().from(table).delete()
    for (const [to, from] of [
      ['points_kind', 'points_kind_id'],
      ['points_type', 'points_type_id'],
      ['points_log_value', 'points_log_points'],
      ['user_balance', 'user_points'],
    ] as const)
      await db().raw('ALTER TABLE ?? RENAME COLUMN ?? TO ??', [table, from, to])
    for (const column of ['user_id_other', 'points_log_state', 'ext_id'])
      await db().raw('ALTER TABLE ?? DROP COLUMN ??', [table, column])
    const row = { points_kind: 1, points_type: 1, user_id: 7, points_log_value: 30, user_balance: 10 }
    await db()
      .from(table)
      .insert({ ...row, points_log_time: now, points_log_date: '2026-01-05' })
    await renameColumns(db())
    const cutOff = ({ sql }: { readonly sql: string }) => {
      if (/^alter table.* add .*user_id_other/i.test(sql)) throw new Error('cut off')
    }
    db().on('query', cutOff)
    expect(
      await up(db()).then(
        () => 'done',
        (error: unknown) => String(error),
      ),
    ).to.include('cut off')
    db().removeListener('query', cutOff)
    await up(db())
    await up(db())
    expect(await db()('shop_adoption').where({ step: 'points-balances' })).to.deep.equal([])
    const [kept] = await rowsOf(table, 7)
    expect([Number(kept?.['points_log_points']), Number(kept?.['user_points'])]).to.deep.equal([30, 40])
    expect(kept).to.include({ points_kind_id: 1, user_id_other: 0, points_log_state: 1, ext_id: '' })
  })
})
