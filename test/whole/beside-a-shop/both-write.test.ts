import { expect } from 'chai'
import type { Knex } from 'knex'
import { connect } from '../../../db/connect.js'
import { keys, runCommand } from '../../gateway/cli/command-line.js'
import type { HttpAnswer } from '../../fetch-answer.js'
import { dataOf, startGateway, type TestGateway } from '../../harness.js'
import {
  type AccountClient,
  createAccountClient,
  manyCodes,
  tokenOf,
} from '../../methods/front/account/account-client.js'
import { onEmptyMariadb } from '../../servers/databases.js'
import { makeOldShop } from '../../servers/old-shop/old-shop.js'
import { oldServerOn } from '../../servers/old-shop/old-server.js'
import { startWechat, type Wechat } from '../../servers/wechat/wechat.js'

const password = 'old password'

onEmptyMariadb('what the old server writes after adoption', function (database) {
  this.timeout(120_000)
  let db: Knex
  let wechat: Wechat
  let gateway: TestGateway
  let client: AccountClient
  let old: ReturnType<typeof oldServerOn>
  let numbers = 0
  before(async () => {
    db = connect({ kind: 'mysql', url: database.url })
    await makeOldShop(db, [{ user_id: 10002, user_account: 'first', password: 'abc123' }])
    wechat = await startWechat()
    gateway = await startGateway(database, { ...keys, ...manyCodes, ...wechat.settings() })
    client = createAccountClient(gateway)
    old = oldServerOn(db)
  })
  after(async () => {
    await gateway?.close()
    await wechat?.stop()
    await db?.destroy()
  })

  const newNumber = () => `1381000${String(++numbers).padStart(4, '0')}`
  const userOf = (answer: HttpAnswer) => {
    expect(answer.json, answer.text).to.include({ status: 200, code: 0 })
    return dataOf<{ user_id: number }>(answer.json).user_id
  }
  const login = (user_account: string, by = password) =>
    client.post('login/login', { user_account, password: by })
  const bySms = async (number: string) =>
    client.post('login/doSmsLogin', {
      verify_key: number,
      verify_code: await client.receiveCode(number),
    })
  const register = async (registration: Partial<Parameters<typeof old.register>[0]>) => {
    const account = `old${++numbers}`
    return (await old.register({ account, password, ...registration })) ?? expect.fail('was not registered')
  }
  const bindings = () => db.from('account_user_bind_connect').orderBy('bind_id').select('bind_id', 'user_id')
  const countUsers = async () => (await db.from('account_user_base').select('user_id')).length

  it('is a user who signs in by account, number, code and e-mail, each at the next call', async () => {
    const number = newNumber()
    const registration = { account: `+86${number}`, bindings: { 1: `+86${number}`, 2: 'Old@Example.com' } }
    const ways = [
      () => login(`+86${number}`),
      () => login(number),
      () => bySms(number),
      () => login('old@example.com'),
    ]
    const id = await register(registration)
    const [users, rows] = [await countUsers(), await bindings()]
    for (const way of ways) expect(userOf(await way())).to.equal(id)
    expect(await countUsers()).to.equal(users)
    expect(await bindings()).to.deep.equal(rows)
    for (const key of [{ mobile: number }, { email: 'old@example.com' }, { uid: String(id) }]) {
      const { json } = await gateway.call('open.account.get', key)
      expect(json?.data, JSON.stringify(key)).to.include({
        uid: id,
        mobile: `+86${number}`,
        email: 'old@example.com',
      })
    }
    const verified = await gateway.call('web.passport.getUserVerifyInfo', { uid: String(id) })
    expect(verified.json?.data).to.include({ mobile: number, mobileVerify: 'Y', emailVerify: 'Y' })
  })

  it('is a number that nobody can register or bind here, and a code finds its user', async () => {
    const number = newNumber()
    const id = await register({ bindings: { 1: `+86${number}` } })
    const code = await client.receiveCode(number)
    const form = { bind_type: '1', verify_key: number, verify_code: code, password: 'another password' }
    expect((await client.post('login/register', form)).json).to.include({ error: 'MOBILE_BOUND' })
    const other = tokenOf(await login('first', 'abc123'))
    const proof = { verify_key: number, verify_code: await client.receiveCode(number) }
    expect((await client.post('user/bindMobile', proof, other)).json).to.include({ error: 'MOBILE_TAKEN' })
    expect(userOf(await bySms(number))).to.equal(id)
    const reset = { ...form, verify_code: await client.receiveCode(number) }
    expect((await client.post('login/setNewPassword', reset)).json).to.include({ status: 200 })
    expect(userOf(await login(number, 'another password'))).to.equal(id)
  })

  it('may be a second number of a user: both work', async () => {
    const [one, other] = [newNumber(), newNumber()]
    const id = await register({ bindings: { 1: `+86${one}` } })
    expect(await old.bindMobile(id, `+86${other}`)).to.equal(true)
    const users = await countUsers()
    for (const number of [one, other, other, one]) {
      expect(userOf(await login(number))).to.equal(id)
      expect(userOf(await bySms(number))).to.equal(id)
    }
    expect(await countUsers()).to.equal(users)
    // Bound here, a third takes the place of the one that is shown, and of no other.
    const third = newNumber()
    const proof = { verify_key: third, verify_code: await client.receiveCode(third) }
    userOf(await client.post('user/bindMobile', proof, tokenOf(await login(one))))
    expect(await old.boundUser(`+86${third}`)).to.equal(id)
    expect(await old.boundUser(`+86${one}`)).to.equal(undefined)
    for (const number of [other, third]) expect(userOf(await login(number))).to.equal(id)
  })

  it('may be a number written without its area, or without a binding', async () => {
    const [bare, whole, shown] = [newNumber(), newNumber(), newNumber()]
    const ids = [
      await register({ bindings: { 1: bare } }),
      await register({ bindings: { 1: `86${whole}` } }),
      await register({}),
    ]
    await db
      .from('account_user_info')
      .where({ user_id: ids[2] ?? 0 })
      .update({ user_mobile: shown })
    for (const [at, number] of [bare, whole, shown].entries()) {
      expect(userOf(await login(number)), number).to.equal(ids[at])
      expect(userOf(await bySms(number)), number).to.equal(ids[at])
    }
  })

  it('moves a number from a user here to another, when it is unbound and bound there', async () => {
    const number = newNumber()
    const former = userOf(await bySms(number))
    expect(await old.boundUser(`+86${number}`), 'what we bind is known there').to.equal(former)
    await old.unbind(former, `+86${number}`)
    const next = await register({ bindings: { 1: `+86${number}` } })
    expect(userOf(await login(number))).to.equal(next)
    expect(userOf(await bySms(number))).to.equal(next)
    expect(await old.boundUser(`+86${number}`)).to.equal(next)
  })

  it('frees a number that is unbound there: whoever proves it next is a new user', async () => {
    const number = newNumber()
    const former = userOf(await bySms(number))
    await old.unbind(former, `+86${number}`)
    const next = userOf(await bySms(number))
    expect(next).to.not.equal(former)
    expect(await old.boundUser(`+86${number}`)).to.equal(next)
  })

  it('is an openid that signs its user in, also one that it takes from another', async () => {
    const person = wechat.addPerson()
    const agree = () => client.get('wechat/callbackMp', { code: wechat.codeFor(person, 'official') })
    const openid = person.openid.official
    const id = await register({
      bindings: { 13: openid },
      ...(person.unionid && { unionid: person.unionid }),
    })
    const users = await countUsers()
    for (const _ of [1, 2]) expect(userOf(await agree())).to.equal(id)
    await old.unbind(id, openid)
    const next = await register({})
    await old.bind(next, 13, openid)
    for (const _ of [1, 2]) expect(userOf(await agree())).to.equal(next)
    expect(await countUsers()).to.equal(users + 1)
    expect(await old.boundUser(openid)).to.equal(next)
  })

  it('is a password, a lock, a level, a role and a setting', async () => {
    const id = await register({ account: 'steady' })
    const token = tokenOf(await login('steady'))
    await old.setPassword(id, 'set over there')
    expect((await login('steady')).json?.code).to.equal(300)
    expect(userOf(await login('steady', 'set over there'))).to.equal(id)
    const infoOf = async () =>
      dataOf<Record<string, unknown>>((await client.get('user/info', {}, token)).json)
    await db
      .from('account_user_level')
      .insert({ user_level_id: 1009, user_level_name: '钻石', user_level_rate: 80 })
    await db.from('account_user_info').where({ user_id: id }).update({ user_level_id: 1009 })
    expect(await infoOf()).to.include({ user_level_id: 1009, user_level_name: '钻石' })
    const list = () => gateway.request(`/manage/account/userInfo/list?perm_key=${token}`)
    expect((await list()).json).to.include({ code: 403 })
    await db.from('admin_user_admin').insert({ user_id: id, user_role_id: 1001 })
    // What a user may do is remembered for two seconds at most.
    const granted = async () => (await list()).json?.code
    for (const until = Date.now() + 3000; (await granted()) !== 0 && Date.now() < until; );
    expect(await granted()).to.equal(0)
    await db.from('sys_config_base').where({ config_key: 'site_name' }).update({ config_value: '新店' })
    const site = await gateway.request('/front/sys/config/info')
    expect(site.json?.data).to.include({ site_name: '新店' })
    await db.from('account_user_info').where({ user_id: id }).update({ user_state: 0 })
    expect((await login('steady', 'set over there')).json).to.include({ error: 'USER_LOCKED' })
  })

  it('is listed with both sides where two users have the same', async () => {
    const number = newNumber()
    const [kept, lost] = [await register({ bindings: { 1: `+86${number}` } }), await register({})]
    await old.bind(lost, 1, `86${number}`)
    expect(userOf(await login(number))).to.equal(kept)
    const env = { ...keys, DATABASE_URL: database.url }
    const { stdout } = await runCommand(['user', 'conflicts', '--json'], { env })
    const rows = JSON.parse(stdout) as Record<string, unknown>[]
    expect(rows.filter(({ value }) => value === `+86${number}`)).to.have.length(1)
    expect(rows.find(({ value }) => value === `+86${number}`)).to.include({
      kind: 'mobile',
      user_id: lost,
      kept_user_id: kept,
    })
  })
})
