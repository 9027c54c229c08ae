import { expect } from 'chai'
import type { Knex } from 'knex'
import { saveAdmin } from '../../../db/admins.js'
import { lockRole } from '../../../db/admin-roles.js'
import { connect } from '../../../db/connect.js'
import { transaction } from '../../../db/transaction.js'
import { keys, runCommand } from '../../gateway/cli/command-line.js'
import type { HttpAnswer } from '../../fetch-answer.js'
import { dataOf, duringGateway, startGateway, type TestGateway } from '../../harness.js'
import { onEmptyMariadb } from '../../servers/databases.js'
import { boundAt, makeOldShop, type OldShop } from '../../servers/old-shop/old-shop.js'
import { otherForms, variants } from '../../servers/old-shop/tables.js'

const first = {
  user_id: 10002,
  user_account: 'first',
  password: 'abc123',
  nickname: '老王',
  mobile: '13900000001',
  email: 'First@example.com',
  bindings: { 1: '+8613900000001', 2: 'First@example.com' },
}
const second = { user_id: 10003, user_account: 'second', password: 'abc124', mobile: '13900000002' }
const third = { user_id: 10004, user_account: 'third', password: 'abc125' }

/** 2019-05-06 15:08:09 in the shop's zone. */
const boundText = '2019-05-06 15:08:09'

const { 'with a column of an unknown type': _, ...adoptable } = variants

for (const [name, variant] of Object.entries({ ...adoptable, 'in other forms': otherForms }))
  onEmptyMariadb(`an adopted shop ${name}`, function (database) {
    this.timeout(60_000)
    let old: Knex
    let shop: OldShop
    let gateway: TestGateway
    let token: string
    before(async () => {
      old = connect({ kind: 'mysql', url: database.url })
      shop = await makeOldShop(old, [first, second, third], variant)
      await fillShop(shop)
      gateway = await startGateway(database, keys)
    })
    after(async () => {
      await gateway?.close()
      await old?.destroy()
    })

    const get = (path: string, params: Record<string, string> = {}) =>
      gateway.request(`${path}?${new URLSearchParams({ perm_key: token, ...params }).toString()}`)
    const post = (path: string, params: Record<string, string>, key = token) =>
      gateway.request(path, { method: 'POST', body: new URLSearchParams({ perm_key: key, ...params }) })
    const login = (user_account: string, password: string) =>
      get('/front/account/login/login', { user_account, password, perm_key: '' })
    const itemsOf = (answer: HttpAnswer) => dataOf<{ items: Record<string, unknown>[] }>(answer.json).items
    const expectSuccess = ({ json, text }: HttpAnswer) =>
      expect(json, text).to.include({ status: 200, code: 0 })
    const has = (table: string, column: string) =>
      shop.schema[table]?.columns.some((one) => one.name === column) ?? false

    it('lets a user in by account, by number and by e-mail', async () => {
      for (const way of ['first', '+8613900000001', '13900000001', 'first@example.com']) {
        const answer = await login(way, 'abc123')
        expectSuccess(answer)
        expect(dataOf<{ user_id: number }>(answer.json).user_id, way).to.equal(10002)
        ;({ token } = dataOf<{ token: string }>(answer.json))
      }
      expect((await login('second', 'wrong')).json?.code).to.equal(300)
      expectSuccess(await login('second', 'abc124'))
    })

    it('rewards the first sign-in of the day once, in the shop’s own columns', async () => {
      const rows = await old('pay_user_exp_history').where({ user_id: 10002 }).orderBy('exp_log_id')
      expect(rows).to.have.length(2)
      expect(rows[1]).to.include({ exp_kind_id: 1, exp_type_id: 2, exp_log_value: 50, user_exp: 50 })
      const resource = await old.from('pay_user_resource').where({ user_id: 10002 }).first()
      expect(resource).to.include({ user_exp: 100 })
    })

    it('counts every sign-in, in the shop’s own columns', async () => {
      await gateway.services.signInRecords.flush()
      const login = await gateway.services.db('account_user_login').where({ user_id: 10002 }).first()
      expect(login).to.include({ user_count_login: 4, user_lastlogin_ip: '127.0.0.1' })
      for (const time of [login?.user_lastlogin_time, login?.user_active_time])
        expect(time).to.be.within(Date.now() - 60_000, Date.now())
      const history = await gateway.services.db('account_user_login_history').where({ user_id: 10002 })
      expect(history).to.have.length(4)
    })

    it('lets a user in by a code sent to the number', async () => {
      await get('/front/sys/captcha/mobile', { mobile: '+8613900000002', perm_key: '' })
      const answer = await get('/front/account/login/doSmsLogin', {
        verify_key: '+8613900000002',
        verify_code: await gateway.lastCode('13900000002'),
        perm_key: '',
      })
      expectSuccess(answer)
      expect(dataOf<{ user_id: number }>(answer.json).user_id).to.equal(10003)
    })

    it('shows the profile as stored, and keeps what the user changes', async () => {
      const before = await get('/front/account/user/info')
      expect(dataOf(before.json)).to.include({
        user_nickname: '老王',
        user_mobile: '13900000001',
        user_level_id: 1001,
        user_birthday: '1971-01-01 00:00:00',
      })
      const change = { user_nickname: '王😀', user_gender: '2', user_birthday: '1990-02-03' }
      expectSuccess(await post('/front/account/user/edit', change))
      expect(dataOf((await get('/front/account/user/info')).json)).to.include({
        user_nickname: '王😀',
        user_gender: 2,
        user_birthday: '1990-02-03 00:00:00',
      })
    })

    it('shows addresses and invoices as stored, one default of each', async () => {
      const addresses = itemsOf(await get('/front/account/userDeliveryAddress/list'))
      expect(addresses.map((row) => [row['ud_name'], row['ud_is_default']])).to.deep.equal([
        ['新', true],
        ['旧', false],
      ])
      if (has('account_user_delivery_address', 'ud_time'))
        expect(addresses.map((row) => row['ud_time'])).to.deep.equal(['2019-05-06 15:08:10', boundText])
      const invoices = itemsOf(await get('/front/account/userInvoice/list'))
      expect(invoices.map((row) => [row['invoice_title'], row['invoice_is_default']])).to.deep.equal([
        ['二', true],
        ['一', false],
      ])
      expect(invoices[1]).to.include({ invoice_datetime: boundText, invoice_is_company: true })
    })

    it('keeps new addresses and invoices, any character in them', async () => {
      const added = await post('/front/account/userDeliveryAddress/add', {
        ud_name: '三😀',
        ud_province: '黔西南布依族苗族自治州的城市'.repeat(3),
        ud_is_default: '1',
      })
      expectSuccess(added)
      const { ud_id } = dataOf<{ ud_id: number }>(added.json)
      expectSuccess(
        await post('/front/account/userDeliveryAddress/save', { ud_id: String(ud_id), ud_city: '市' }),
      )
      const invoice = await post('/front/account/userInvoice/add', {
        invoice_title: '票😀',
        invoice_is_default: '1',
        invoice_is_company: '0',
      })
      expectSuccess(invoice)
      const invoices = itemsOf(await get('/front/account/userInvoice/list'))
      expect(invoices.map((row) => row['invoice_is_default'])).to.deep.equal([true, false, false])
      // What becomes another default keeps its time.
      expect(invoices[2]).to.include({ invoice_datetime: boundText })
    })

    it('shows messages as stored, and marks them as read', async () => {
      const messages = itemsOf(await get('/front/account/userMessage/list'))
      const shown = messages.map((row) => [
        row['message_content'],
        row['message_is_read'],
        row['message_time'],
      ])
      expect(shown).to.deep.include.members([
        ['未读', false, boundAt + 1000],
        ['已读', true, boundAt],
      ])
      const counted = await get('/front/account/userMessage/getMsgCount')
      expect(dataOf<{ num: number }>(counted.json).num).to.equal(1)
      expectSuccess(await post('/front/account/userMessage/setRead', {}))
      const after = await get('/front/account/userMessage/getMsgCount')
      expect(dataOf<{ num: number }>(after.json).num).to.equal(0)
    })

    it('keeps a kind of message that the shop’s list does not have', async () => {
      const sent = { user_other_id: '10003', message_content: '听', message_cat: 'voice' }
      expectSuccess(await post('/front/account/userMessage/add', sent))
      const listed = itemsOf(await get('/front/account/userMessage/list', { message_kind: '1' }))
      expect(listed[0]).to.include({ message_cat: 'voice', message_content: '听' })
      const row = await old.from('account_user_message').where({ message_content: '听' }).first()
      expect(row).to.include({ message_cat: 'text', message_cat_full: 'voice' })
    })

    it('registers users with all their rows, and lets them in again', async () => {
      const mobile = '13900000009'
      await get('/front/sys/captcha/mobile', { mobile: `+86${mobile}`, perm_key: '' })
      const made = await post(
        '/front/account/login/register',
        {
          bind_type: '1',
          user_account: `+86${mobile}`,
          verify_key: `+86${mobile}`,
          verify_code: await gateway.lastCode(mobile),
          password: 'secret1',
        },
        '',
      )
      expectSuccess(made)
      const { user_id } = dataOf<{ user_id: number }>(made.json)
      expectSuccess(await login(mobile, 'secret1'))
      const bound: Record<string, unknown> | undefined = await old
        .from('account_user_bind_connect')
        .where({ user_id, bind_type: 1 })
        .first()
      expect(bound).to.include({ bind_id: `+86${mobile}` })
      const points = await old.from('pay_user_points_history').where({ user_id }).first()
      expect(Number(points?.user_points)).to.equal(30)
    })

    it('binds a number and takes it away again', async () => {
      const answer = await login('third', 'abc125')
      const { token: own } = dataOf<{ token: string }>(answer.json)
      for (const path of ['bindMobile', 'unBindMobile']) {
        await get('/front/sys/captcha/mobile', { mobile: '+8613900000008', perm_key: '' })
        const code = await gateway.lastCode('13900000008')
        const changed = await post(
          `/front/account/user/${path}`,
          { verify_key: '+8613900000008', verify_code: code },
          own,
        )
        expectSuccess(changed)
        gateway.clock.advance(61_000)
      }
    })

    it('takes a certificate', async () => {
      expectSuccess(
        await post('/front/account/user/saveCertificate', {
          user_realname: '王😀五',
          user_idcard: '11010519491231002X',
        }),
      )
      const info = dataOf((await get('/front/account/user/info')).json)
      expect(info).to.include({ user_is_authentication: 1, user_realname: '王😀五' })
    })

    it('has administrators', async () => {
      const { db, clock } = gateway.services
      await transaction({ db }, async ({ db }) => {
        const role = await lockRole(db, '管理员')
        await saveAdmin(db, {
          user_id: 10002,
          user_role_id: role?.user_role_id ?? 0,
          user_admin_ctime: clock.now(),
        })
      })
      gateway.clock.advance(10_000)
      await duringGateway(database, keys, async (fresh) => {
        const since = { createTimeStart: '2019-05-06 00:00:00', createTimeEnd: '2019-05-07 00:00:00' }
        const query = new URLSearchParams({ perm_key: token, ...since }).toString()
        const listed = await fresh.request(`/manage/account/user/list?${query}`)
        expectSuccess(listed)
        const ids = itemsOf(listed).map((row) => row['user_id'])
        if (has('account_user_login', 'user_reg_time')) expect(ids).to.deep.equal([10004, 10003, 10002])
      })
      const env = { ...keys, DATABASE_URL: database.url }
      const shown = await runCommand(['admin', 'list'], { env })
      expect(shown.stdout, shown.stderr).to.match(/10002 +first +20\d\d-\d\d-\d\d \d\d:\d\d:\d\d +管理员/)
    })

    it('has room for wrapped hashes, by which users sign in', async () => {
      await old('account_user_base')
        .where({ user_id: 10004 })
        .update({ user_password: '0123456789abcdef0123456789abcdef', user_salt: 'x' })
      const env = { ...keys, DATABASE_URL: database.url, PASSWORD_UPGRADE: 'on' }
      const wrapped = await runCommand(['user', 'hashes', '--wrap'], { env })
      expect(wrapped.code, wrapped.stderr).to.equal(0)
      const row = await old('account_user_base').where({ user_id: 10004 }).first()
      expect(row?.user_password).to.match(/^\{md5\}\$argon2id\$.{60,}/)
    })

    it('refuses a user whom the shop has locked, and only while it has', async () => {
      const lock = (user_state: number) =>
        old('account_user_info').where({ user_id: 10003 }).update({ user_state })
      await lock(0)
      expect((await login('second', 'abc124')).json).to.include({ code: 300, error: 'USER_LOCKED' })
      await lock(1)
      expectSuccess(await login('second', 'abc124'))
    })

    it('logs no error meanwhile', () => {
      expect(gateway.logLines.filter((line) => /"level":[56]0/.test(line))).to.deep.equal([])
    })
  })

/** What users kept and were sent, as the old server wrote it: several defaults, read and unread messages. */
async function fillShop(shop: OldShop): Promise<void> {
  const own = { user_id: 10002 }
  const address = (ud_name: string, at: number) => ({
    ...own,
    ud_name,
    ud_mobile: '13900000001',
    ud_is_default: 1,
    ud_time: shop.at('account_user_delivery_address', 'ud_time', at),
  })
  await shop.insert('account_user_delivery_address', [address('旧', boundAt), address('新', boundAt + 1000)])
  const invoice = (invoice_title: string) => ({
    ...own,
    invoice_title,
    invoice_is_company: 1,
    invoice_is_default: 1,
    invoice_datetime: shop.at('account_user_invoice', 'invoice_datetime', boundAt),
  })
  await shop.insert('account_user_invoice', [invoice('一'), invoice('二')])
  const message = (message_content: string, message_is_read: number, at: number) => ({
    ...own,
    user_nickname: '老王',
    message_kind: 2,
    user_other_id: 10003,
    user_other_nickname: 'second',
    message_content,
    message_is_read,
    message_time: shop.at('account_user_message', 'message_time', at),
  })
  await shop.insert('account_user_message', [message('已读', 1, boundAt), message('未读', 0, boundAt + 1000)])
}
