import { expect } from 'chai'
import { loginRequired, pageTooLarge } from '../../../../answers.js'
import type { TestUser } from '../../../../harness.js'
import { listOf } from '../administrators.js'
import { forAdministrators, withAdmin } from '../suite.js'

const firstDay = Date.parse('2026-03-01T00:00:00+08:00')
const day = 86_400_000

withAdmin('manage.account.user.list', ({ gateway, admin, path, ask, refusals }) => {
  /** Five users, registered on five days from 2026-03-01 on, at eight in the morning. */
  let users: TestUser[]
  before(async () => {
    users = []
    for (const [at, nickname] of ['张三', '李四', 'wang_wu', 'wang%wu', '赵|六'].entries()) {
      const user = await gateway.addUser({
        nickname,
        mobile: `1391234567${at}`,
        email: `user${at}@example.com`,
        verified: at !== 1,
      })
      users.push(user)
      await gateway
        .db('account_user_base')
        .where({ user_id: user.uid })
        .update({ user_created_at: firstDay + at * day + 8 * 3_600_000 })
    }
    await gateway
      .db('account_user_info')
      .whereIn('user_id', idsOf(1, 3))
      .update({ user_level_id: 1002, user_is_authentication: 1 })
  })

  const idsOf = (...at: number[]) => at.map((index) => users[index]?.uid ?? 0)
  const list = (params: Record<string, string> = {}) => ask(params)
  const ids = async (params: Record<string, string>) =>
    listOf<{ user_id: number }>(await list(params)).items.map(({ user_id }) => user_id)
  const problemOf = async (params: Record<string, string>) => {
    const { status, json } = await list(params)
    expect([status, json?.status, json?.code, json?.data]).to.deep.equal([200, 250, 300, null])
    return json?.['msg']
  }

  it('shows a user without password, salt and card number', async () => {
    const [user] = users
    const { db } = gateway
    await db('account_user_info')
      .where({ user_id: user?.uid ?? 0 })
      .update({
        user_idcard: '110101199003070134',
        user_realname: '张三丰',
        user_birthday: '1990-03-07',
        user_avatar: '/avatars/1.png',
        user_idcard_images: '/cards/1.png',
      })
    await db('account_user_login').insert({
      user_id: user?.uid ?? 0,
      user_reg_time: 5,
      user_reg_ip: '2001:db8::1',
      user_count_login: 3,
      user_lastlogin_time: 7,
      user_lastlogin_ip: '192.0.2.1',
    })
    const base = await db('account_user_base')
      .where({ user_id: user?.uid ?? 0 })
      .first()
    const { text } = await list({ user_id: String(user?.uid) })
    expect(text).to.equal(
      `{"status":200,"code":0,"msg":"操作成功","data":{"items":[{"user_id":${user?.uid},` +
        `"user_account":"${base?.user_account}","user_nickname":"张三",` +
        '"user_avatar":"http://passport.test/avatars/1.png","user_state":1,"user_mobile":"13912345670",' +
        '"user_intl":"+86","user_gender":0,"user_birthday":"1990-03-07 00:00:00",' +
        '"user_email":"user0@example.com","user_level_id":1001,"user_level_name":"vip1","user_realname":"张三丰",' +
        '"user_idcard":"1****************4","user_is_authentication":0,"tag_ids":"","user_from":2310,' +
        '"user_reg_time":5,"user_reg_ip":"2001:db8::1","user_lastlogin_time":7,' +
        '"user_lastlogin_ip":"192.0.2.1","user_count_login":3,"certificate_time":null}],' +
        '"page":1,"size":10,"records":1,"total":1},"error":null}',
    )
    await db('account_user_login').delete()
  })

  it('shows the newest first, page by page, without gaps and twice the same', async () => {
    const all = await ids({})
    expect(all).to.deep.equal([...idsOf(4, 3, 2, 1, 0), admin.uid])
    const pages = [await list({ size: '4' }), await list({ size: '4', page: '2' })].map((answer) =>
      listOf<{ user_id: number }>(answer),
    )
    expect(pages.map(({ page, size, records, total }) => [page, size, records, total])).to.deep.equal([
      [1, 4, 6, 2],
      [2, 4, 6, 2],
    ])
    expect(pages.flatMap(({ items }) => items.map(({ user_id }) => user_id))).to.deep.equal(all)
  })

  it('is empty behind its end, however far', async () => {
    for (const page of ['3', '9007199254740991']) {
      const { items, records, total } = listOf(await list({ size: '4', page }))
      expect({ items, records, total }).to.deep.equal({ items: [], records: 6, total: 2 })
    }
  })

  it('takes at most 500 rows a page', async () => {
    expect(listOf(await list({ size: '500' })).size).to.equal(500)
    expect((await list({ size: '501' })).text).to.equal(pageTooLarge)
    expect(await problemOf({ size: 'x' })).to.match(/^参数错误：size: integer /)
    expect(await problemOf({ size: '0' })).to.match(/^参数错误：size: integer /)
    expect(await problemOf({ page: '-1' })).to.match(/^参数错误：page: integer /)
    expect(await problemOf({ page: '1;drop table account_user_base' })).to.match(/^参数错误：page: integer /)
  })

  it('sorts by one of its columns: asc, and anything else descending', async () => {
    const [up, down] = [
      [admin.uid, ...idsOf(0, 1, 2, 3, 4)],
      [...idsOf(4, 3, 2, 1, 0), admin.uid],
    ]
    for (const sort of ['asc', 'ASC']) expect(await ids({ sidx: 'user_id', sort })).to.deep.equal(up)
    for (const sort of ['desc', '', 'null', 'asc; drop table account_user_base', 'x'.repeat(300)])
      expect(await ids({ sidx: 'user_id', sort }), sort).to.deep.equal(down)
    expect(await ids({ sidx: 'userId', sort: 'asc' })).to.deep.equal(up)
    expect(await ids({ sidx: 'user_id' })).to.deep.equal(down)
    expect(await ids({ sidx: '', sort: 'asc' })).to.deep.equal(down)
  })

  it('sorts by several, and ties by the id', async () => {
    const byLevel = { sidx: 'user_level_id', sort: 'desc' }
    expect(await ids(byLevel)).to.deep.equal([...idsOf(3, 1), ...idsOf(4, 2, 0), admin.uid])
    expect(await ids({ ...byLevel, 'order[0].sidx': 'user_id', 'order[0].sort': 'asc' })).to.deep.equal([
      ...idsOf(1, 3),
      admin.uid,
      ...idsOf(0, 2, 4),
    ])
    const orders = {
      'order[1].sidx': 'user_id',
      'order[1].sort': 'asc',
      'order[0].sidx': 'user_level_id',
      'order[2].sidx': 'user_level_id',
      'order[2].sort': 'asc',
    }
    expect(await ids(orders)).to.deep.equal([...idsOf(1, 3), admin.uid, ...idsOf(0, 2, 4)])
  })

  it('names a column that is none of its own, and runs nothing that is sent in its place', async () => {
    expect(await problemOf({ sidx: 'user_password' })).to.match(
      /^参数错误：sidx: user_password is none of user_id, user_account, /,
    )
    expect(await problemOf({ 'order[0].sidx': 'user_salt' })).to.match(
      /^参数错误：order\[0\]\.sidx: user_salt/,
    )
    expect(await problemOf({ 'like[0].column': 'user_password', 'like[0].like': '$' })).to.match(
      /^参数错误：like\[0\]\.column: user_password is none of /,
    )
    const attacks = [
      'user_id;drop table account_user_base',
      'user_id desc',
      'user_id--',
      "user_id'",
      '`user_id`',
      '"user_id"',
      '1',
      'user_id,(select 1)',
      '(select sleep(5))',
      'base.user_password',
      'constructor',
      '__proto__',
      'user_id\0',
    ]
    for (const attack of attacks) {
      const message = await problemOf({ sidx: attack })
      expect(message, attack).to.match(/^参数错误：sidx: /)
      if (!/^\w+$/.test(attack)) expect(message, attack).not.to.include(attack)
      expect(await problemOf({ 'order[0].sidx': attack }), attack).to.match(/order\[0\]\.sidx: /)
      expect(await problemOf({ 'like[3].column': attack, 'like[3].like': 'x' }), attack).to.include('like[3]')
    }
    expect(await ids({})).to.have.length(6)
  })

  it('filters by what is given, and not by what is empty or unknown', async () => {
    expect(await ids({ user_level_id: '1002' })).to.deep.equal(idsOf(3, 1))
    expect(await ids({ userLevelId: '1002', user_id: String(users[1]?.uid) })).to.deep.equal(idsOf(1))
    expect(await ids({ user_is_authentication: '1' })).to.deep.equal(idsOf(3, 1))
    expect(await ids({ user_state: '0' })).to.deep.equal([])
    expect(await ids({ user_nickname: '李四' })).to.deep.equal(idsOf(1))
    const nothing = { user_nickname: '', user_state: 'null', user_password: 'x', shoe_size: '43' }
    expect(await ids(nothing)).to.have.length(6)
    expect(await problemOf({ user_state: '1 or 1=1' })).to.equal('参数错误：user_state: integer from 0 to 2')
    for (const attack of ["' or 1=1 --", "x' union select 1", '%', '_', '\\'])
      expect(await ids({ user_nickname: attack }), attack).to.deep.equal([])
  })

  it('finds who owns a number or an address, however it is written', async () => {
    for (const number of ['13912345672', '+8613912345672', '8613912345672', ' 8613912345672'])
      expect(await ids({ user_mobile: number }), number).to.deep.equal(idsOf(2))
    expect(await ids({ user_mobile: '13912345671' }), 'not verified').to.deep.equal(idsOf(1))
    expect(await ids({ user_email: 'USER3@example.com' })).to.deep.equal(idsOf(3))
    for (const nobody of ['13900000000', '1391234567', 'x', "' or 1=1"])
      expect(await ids({ user_mobile: nobody }), nobody).to.deep.equal([])
  })

  it('searches for a part of a text, every character of it meant as it is', async () => {
    const search = (column: string, like: string) => ids({ 'like[0].column': column, 'like[0].like': like })
    expect(await search('user_nickname', 'wang')).to.deep.equal(idsOf(3, 2))
    expect(await search('userNickname', '_')).to.deep.equal(idsOf(2))
    expect(await search('user_nickname', '%')).to.deep.equal(idsOf(3))
    expect(await search('user_nickname', '|')).to.deep.equal(idsOf(4))
    expect(await search('user_nickname', '\\')).to.deep.equal([])
    expect(await search('user_mobile', '1391234')).to.deep.equal(idsOf(4, 3, 2, 1, 0))
    expect(await search('user_nickname', '')).to.have.length(6)
    expect(await search('', 'wang')).to.have.length(6)
    const both = {
      'like[0].column': 'user_nickname',
      'like[0].like': 'wang',
      'like[1].column': 'user_email',
      'like[1].like': 'user2',
    }
    expect(await ids(both)).to.deep.equal(idsOf(2))
    expect(await problemOf({ 'like[0].column': 'user_email', 'like[0].like': 'x'.repeat(256) })).to.equal(
      '参数错误：like[0].like: text of at most 255 characters',
    )
    const many = Object.fromEntries(
      Array.from({ length: 11 }, (_, at) => [`like[${at}].column`, 'user_email']),
    )
    expect(await problemOf(many)).to.equal('参数错误：like[n]: at most 10')
  })

  it('bounds the time of registration, in the zone of the server', async () => {
    const start = { createTimeStart: '2026-03-02', createTimeEnd: '2026-03-04' }
    expect(await ids(start), 'the last day as a whole').to.deep.equal(idsOf(3, 2, 1))
    expect(await ids({ create_time_start: '2026/03/02', create_time_end: '20260304' })).to.deep.equal(
      idsOf(3, 2, 1),
    )
    expect(await ids({ ...start, createTimeEnd: '2026-03-04 00:00:00' })).to.deep.equal(idsOf(2, 1))
    expect(await ids({ ...start, createTimeEnd: '2026-03-04 08:00:00' })).to.deep.equal(idsOf(3, 2, 1))
    expect(await ids({ ...start, createTimeEnd: '2026-03-04 07:59:59' })).to.deep.equal(idsOf(2, 1))
    expect(
      await ids({ createTimeStart: String(firstDay + day), createTimeEnd: String(firstDay + 2 * day) }),
    ).to.deep.equal(idsOf(1))
    expect(await ids({ createTimeStart: '0001-01-01', createTimeEnd: '9999-12-31' })).to.have.length(6)
    expect(await problemOf({ createTimeStart: 'yesterday' })).to.match(/^参数错误：createTimeStart: /)
    expect(await problemOf({ createTimeEnd: '2026-02-31' })).to.match(/^参数错误：createTimeEnd: /)
  })

  it('answers in the envelope of the gateway under its method name', async () => {
    const params = { session_key: admin.token, size: '1', 'order[0].sidx': 'user_id', 'order[0].sort': 'asc' }
    const query = new URLSearchParams(params).toString()
    const { json } = await gateway.request(`/gateway?method=manage.account.user.list&${query}`)
    expect(json?.code).to.equal(200)
    expect(json?.data).to.include({ records: 6, total: 6 })
  })

  it('is for administrators', async () => {
    for (const params of [{}, { size: '501' }] as const)
      expect(await refusals('GET', params, users[0])).to.deep.equal(forAdministrators)
    expect((await gateway.request(`${path}?sidx=x`)).text).to.equal(loginRequired)
    expect((await gateway.request(`${path}?perm_key=forged`)).json?.['msg']).to.equal('请退出重新登录')
  })
})
