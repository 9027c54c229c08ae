import { expect } from 'chai'
import type { Knex } from 'knex'
import { connect } from '../../../db/connect.js'
import type { IdentityKind } from '../../../db/identities.js'
import { listConflicts } from '../../../db/identity-conflicts.js'
import { dataOf, startGateway, type TestGateway } from '../../harness.js'
import { requireProgram } from '../../servers/available.js'
import { type Mariadb, startMariadb } from '../../servers/mariadb.js'
import { boundAt, makeOldShop, type OldShopUser } from '../../servers/old-shop/old-shop.js'

const users: readonly OldShopUser[] = [
  {
    user_id: 10002,
    user_account: 'first',
    password: 'abc123',
    mobile: '13900000001',
    email: 'First@Example.com',
  },
  { user_id: 10003, user_account: 'second', password: 'abc124', bindings: { 1: '+8613900000001' } },
  {
    user_id: 10004,
    user_account: 'third',
    password: 'abc125',
    mobile: '13900000003',
    bindings: { 1: '+8613900000003', 2: 'third@example.com' },
  },
  { user_id: 10005, user_account: 'fourth', password: 'abc126', bindings: { 1: '8613900000003' } },
  { user_id: 10006, user_account: 'fifth', password: 'abc127', mobile: '13900000005', email: 'no address' },
  {
    user_id: 10007,
    user_account: 'sixth',
    password: 'abc128',
    mobile: '13900000005',
    email: 'FIRST@example.com',
  },
  {
    user_id: 10008,
    user_account: '用户七',
    password: 'abc129',
    mobile: '5',
    nickname: '七',
    idcard: '11010519491231002x',
  },
]

const kinds = ['mobile', 'email', 'wechat', 'wechat-union'] as const
const wechat = { WECHAT_MP_APP_ID: 'wx0', WECHAT_MP_SECRET: 'secret' }
const bound = { bind_nickname: '', bind_icon: '', bind_active: 1 }
/** 13 official account, 14 PC site, 15 mini program; only the first is configured. */
const wechatBindings = [
  { ...bound, bind_type: 13, bind_id: 'oA', bind_openid: 'oA', bind_unionid: 'u1', user_id: 10003 },
  { ...bound, bind_type: 13, bind_id: 'oA of another', bind_openid: 'oA', bind_unionid: '', user_id: 10004 },
  { ...bound, bind_type: 13, bind_id: 'oB', bind_openid: '', bind_unionid: '', user_id: 10005 },
  {
    ...bound,
    bind_type: 13,
    bind_id: 'x',
    bind_openid: '',
    bind_unionid: '',
    user_id: 10006,
    bind_active: 0,
  },
  { ...bound, bind_type: 15, bind_id: 'oM', bind_openid: 'oM', bind_unionid: 'u1', user_id: 10006 },
]

describe("an old shop's database", function () {
  let mariadb: Mariadb
  let url: string
  let db: Knex
  let gateway: TestGateway
  before(async function () {
    requireProgram(this, 'mariadbd')
    this.timeout(60_000)
    mariadb = await startMariadb()
    url = await mariadb.createDatabase()
    db = connect({ kind: 'mysql', url })
    const shop = await makeOldShop(db, users)
    const bind_time = shop.at('account_user_bind_connect', 'bind_time', boundAt)
    await shop.insert(
      'account_user_bind_connect',
      wechatBindings.map((row) => ({ ...row, bind_time })),
    )
    gateway = await startGateway({ url }, wechat)
  })
  after(async () => {
    await gateway?.close()
    await db?.destroy()
    await mariadb?.stop()
  })

  const owners = async (kind: IdentityKind) =>
    (await db('user_identity').where({ kind }).orderBy('value')).map((row) => [
      row.value,
      row.user_id,
      row.verified_at,
    ])

  it('keeps every row', async () => {
    for (const table of ['account_user_base', 'account_user_info']) {
      const rows = await db.select('user_id').from(table).orderBy('user_id')
      expect(rows, table).to.deep.equal(users.map(({ user_id }) => ({ user_id })))
    }
    const names = await db('account_user_info').orderBy('user_id').pluck('user_nickname')
    expect(names.at(-1)).to.equal('七')
  })

  it('gives a number that two users had to the verified one, then to the older one', async () => {
    expect(await owners('mobile')).to.deep.equal([
      ['+8613900000001', 10003, boundAt],
      ['+8613900000003', 10004, boundAt],
      ['+8613900000005', 10006, null],
    ])
    expect(await owners('email')).to.deep.equal([
      ['first@example.com', 10002, null],
      ['third@example.com', 10004, boundAt],
    ])
  })

  it('gives WeChat identities to the older one, those of configured applications and all unionids', async () => {
    expect(await owners('wechat')).to.deep.equal([
      ['wx0:oA', 10003, boundAt],
      ['wx0:oA of another', 10004, boundAt],
      ['wx0:oB', 10005, boundAt],
    ])
    expect(await owners('wechat-union')).to.deep.equal([['u1', 10003, boundAt]])
  })

  it('reports who lost a number, an e-mail or a WeChat identity, and to whom', async () => {
    const conflicts = (await listConflicts(db, 100)).map((row) => [
      row.kind,
      row.value,
      row.user_id,
      row.kept_user_id,
    ])
    expect(conflicts).to.deep.equal([
      ['email', 'first@example.com', 10007, 10002],
      ['mobile', '+8613900000001', 10002, 10003],
      ['mobile', '+8613900000003', 10005, 10004],
      ['mobile', '+8613900000005', 10007, 10006],
      ['wechat', 'wx0:oA', 10004, 10003],
      ['wechat-union', 'u1', 10006, 10003],
    ])
    expect(gateway.logLines.join()).to.include('cli user conflicts')
  })

  it('seals numbers of identity cards and shows no more than their ends', async () => {
    const info = await db('account_user_info').where({ user_id: 10008 }).first()
    expect(info?.user_idcard).to.equal('1****************x')
    const certificate = await db('user_certificate').where({ user_id: 10008 }).first()
    expect(gateway.services.vault.open('idcard', certificate?.sealed_idcard ?? '')).to.equal(
      '11010519491231002X',
    )
    expect(await db('user_certificate')).to.have.length(1)
  })

  const letsIn = async () => {
    for (const { user_id, user_account, password } of users) {
      const login = `/front/account/login/login?user_account=${encodeURIComponent(user_account)}`
      const right = await gateway.request(`${login}&password=${password}`)
      expect(right.json, user_account).to.deep.include({ status: 200, code: 0 })
      expect(dataOf<{ user_id: number }>(right.json).user_id).to.equal(user_id)
      expect((await gateway.request(`${login}&password=wrong`)).json?.code).to.equal(300)
      const uid = String(user_id)
      expect((await gateway.call('web.passport.verifyUserPwd', { uid, password })).json?.code).to.equal(200)
    }
  }

  it('lets its users in with their old passwords, on both wires, and changes no hash', async () => {
    const hashes = () => db('account_user_base').orderBy('user_id').select('user_password', 'user_salt')
    const before = await hashes()
    await letsIn()
    expect(await hashes()).to.deep.equal(before)
  })

  it('replaces their hashes by argon2id once PASSWORD_UPGRADE is on', async () => {
    await gateway.close()
    gateway = await startGateway({ url }, { ...wechat, PASSWORD_UPGRADE: 'on' })
    await letsIn()
    const hashes = await db('account_user_base').pluck('user_password')
    expect(hashes.every((stored) => stored.startsWith('$argon2id$'))).to.equal(true)
  })

  it('goes on numbering where the old server stopped, and holds the addresses of IPv6', async () => {
    const { uid } = await gateway.addUser()
    expect(uid).to.equal(10009)
    const ip = '2001:0db8:1234:5678:9abc:def0:1234:5678:ffff'.slice(0, 45)
    await db('account_user_login_history').insert({ user_id: uid, user_login_ip: ip, user_login_time: 1 })
    expect(
      await db('account_user_login_history').where({ user_id: uid }).pluck('user_login_ip'),
    ).to.deep.equal([ip])
  })

  it('is taken over once: the next start changes nothing', async () => {
    const all = async () => Promise.all(kinds.map(owners))
    const before = await all()
    await db('account_user_info').where({ user_id: 10008 }).update({ user_mobile: '13900000099' })
    await (await startGateway({ url })).close()
    expect(await all()).to.deep.equal(before)
  })
})
