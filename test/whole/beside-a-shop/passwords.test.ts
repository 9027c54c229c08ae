import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { join } from 'node:path'
import { expect } from 'chai'
import type { Knex } from 'knex'
import { connect } from '../../../db/connect.js'
import { saveAdmin } from '../../../db/admins.js'
import { keys, runCommand } from '../../gateway/cli/command-line.js'
import type { HttpAnswer } from '../../fetch-answer.js'
import { startGateway, type TestGateway } from '../../harness.js'
import {
  type AccountClient,
  createAccountClient,
  manyCodes,
  tokenOf,
} from '../../methods/front/account/account-client.js'
import { requireProgram } from '../../servers/available.js'
import { onEmptyMariadb } from '../../servers/databases.js'
import { makeOldShop, registerOld } from '../../servers/old-shop/old-shop.js'
import { projectRoot } from '../architecture/source-tree.js'

const first = 10_002
const ids = Array.from({ length: 1000 }, (_, at) => first + at)
const oldPassword = (user_id: number) => `old ${user_id} 密码`
const numberOf = (user_id: number) => `139${String(user_id).padStart(8, '0')}`
const userOf = (user_id: number) => ({
  user_id,
  user_account: `member${user_id}`,
  password: oldPassword(user_id),
  mobile: numberOf(user_id),
  bindings: { 1: `+86${numberOf(user_id)}` },
})

/** Works off a list, a few at a time. */
async function inTurn<T>(
  items: readonly T[],
  lanes: number,
  work: (item: T) => Promise<void>,
): Promise<void> {
  const rest = items.values()
  await Promise.all(
    Array.from({ length: lanes }, async () => {
      for (const item of rest) await work(item)
    }),
  )
}

onEmptyMariadb('passwords beside an old server that checks them too', function (database) {
  this.timeout(240_000)
  let php: string
  let db: Knex
  let gateway: TestGateway
  let client: AccountClient
  /** What each user's password is by now. */
  const passwords = new Map(ids.map((id) => [id, oldPassword(id)]))
  before(async function () {
    php = requireProgram(this, 'php')
    db = connect({ kind: 'mysql', url: database.url })
    const shop = await makeOldShop(db, [])
    await inTurn(ids, 8, (id) => registerOld(shop, userOf(id)))
    gateway = await startGateway(database, { ...keys, ...manyCodes })
    client = createAccountClient(gateway)
  })
  after(async () => {
    await gateway?.close()
    await db?.destroy()
  })

  const expectDone = ({ json, text }: HttpAnswer) => expect(json, text).to.include({ status: 200, code: 0 })
  const login = (user_account: string, password: string) =>
    client.post('login/login', { user_account, password })
  const cli = (args: readonly string[], input = '') =>
    runCommand(args, { env: { ...keys, DATABASE_URL: database.url }, input })
  const stored = async () => {
    const rows = await db('account_user_base').select('user_id', 'user_password', 'user_salt')
    return rows.map(({ user_id, user_password: hash, user_salt: salt }) => ({ user_id, hash, salt }))
  }
  /** Of how many users the old server would find the password right, by two programs. */
  const countFitting = async () => {
    const rows = (await stored()).map((row) => ({ ...row, password: passwords.get(row.user_id) ?? '' }))
    const script = join(projectRoot(), 'test/servers/old-shop/old-check.php')
    const byPhp = Number(execFileSync(php, [script], { input: JSON.stringify(rows), encoding: 'utf8' }))
    const md5 = (text: string) => createHash('md5').update(text, 'utf8').digest('hex')
    const byNode = rows.filter(({ password, hash, salt }) => md5(password + salt) === hash).length
    return { rows: rows.length, byPhp, byNode }
  }

  it('are the same row after 1,000 sign-ins, by account, number and code', async () => {
    const before = await stored()
    await inTurn(ids, 16, async (id) => {
      if (id % 10 === 0) {
        const verify_key = numberOf(id)
        const verify_code = await client.receiveCode(verify_key)
        expectDone(await client.post('login/doSmsLogin', { verify_key, verify_code }))
      } else expectDone(await login(id % 2 ? `member${id}` : numberOf(id), oldPassword(id)))
    })
    expect(await stored()).to.deep.equal(before)
  })

  it('that are changed here in 100 ways and times are written in the old form, with a new salt', async () => {
    const changed = ids.slice(0, 100)
    const before = new Map((await stored()).map((row) => [row.user_id, row]))
    const chief = ids.at(-1) ?? 0
    const role = await db('admin_user_role').where({ user_role_name: '管理员' }).first()
    await saveAdmin(gateway.services.db, {
      user_id: chief,
      user_role_id: role?.user_role_id ?? 0,
      user_admin_ctime: Date.now(),
    })
    const chiefToken = tokenOf(await login(`member${chief}`, oldPassword(chief)))
    const ways: ((id: number, password: string) => Promise<unknown>)[] = [
      async (id, password) => {
        const token = tokenOf(await login(`member${id}`, oldPassword(id)))
        expectDone(
          await client.post('login/changePassword', { old_password: oldPassword(id), password }, token),
        )
      },
      async (id, password) => {
        const verify_code = await client.receiveCode(numberOf(id))
        const proof = { bind_type: '1', verify_key: numberOf(id), verify_code }
        expectDone(await client.post('login/setNewPassword', { ...proof, password }))
      },
      async (id, user_password) => {
        const body = new URLSearchParams({ perm_key: chiefToken, user_id: String(id), user_password })
        const path = '/manage/account/userInfo/passWordEdit'
        expectDone(await gateway.request(path, { method: 'POST', body }))
      },
      async (id, newPassword) => {
        const answer = await gateway.call('web.passport.changePwd', { uid: String(id), newPassword })
        expect(answer.json?.code, answer.text).to.equal(200)
      },
    ]
    await inTurn(changed, 8, async (id) => {
      const password = `new ${id} 新的`
      const way = ways[id % ways.length]
      if (id < first + 2) {
        const answer = await cli(['user', 'passwd', String(id), '--password', '-'], `${password}\n`)
        expect(answer.code, answer.stderr).to.equal(0)
      } else await way?.(id, password)
      passwords.set(id, password)
    })
    const rows = await stored()
    const renewed = rows.filter(({ user_id, hash, salt }) => {
      const old = before.get(user_id)
      return old?.hash !== hash && old?.salt !== salt
    })
    expect(renewed.map(({ user_id }) => user_id).toSorted((one, other) => one - other)).to.deep.equal(changed)
    for (const { hash, salt } of renewed) expect([hash, salt].join()).to.match(/^[0-9a-f]{32},[0-9a-f]{32}$/)
  })

  it('then fit by the old algorithm, all 1,000 of 1,000', async () => {
    expect(await countFitting()).to.deep.equal({ rows: 1000, byPhp: 1000, byNode: 1000 })
  })

  it('of users who register here, or whom somebody adds, are in the old form too', async () => {
    const picture = { verify_key: await client.drawPicture(), verify_code: 'pict' }
    const form = { bind_type: '3', user_account: 'newcomer', password: 'a password' }
    expectDone(await client.post('login/register', { ...form, ...picture }))
    const added = await cli(['user', 'add', '--account', 'added', '--password', '-'], 'a password\n')
    expect(added.code, added.stderr).to.equal(0)
    for (const { user_id } of await db('account_user_base').where('user_id', '>=', first + 1000))
      passwords.set(user_id, 'a password')
    expect(await countFitting()).to.deep.equal({ rows: 1002, byPhp: 1002, byNode: 1002 })
    for (const account of ['newcomer', 'added']) expectDone(await login(account, 'a password'))
  })

  it('are counted by form, and are not wrapped', async () => {
    const shown = await cli(['user', 'hashes'])
    expect(shown.stdout).to.match(/^md5\+salt +1002$/m)
    expect(shown.stdout).to.include('hold: the old server can check 1002 of 1002 passwords')
    expect(JSON.parse((await cli(['user', 'hashes', '--json'])).stdout)).to.deep.equal({ 'md5+salt': 1002 })
    const before = await stored()
    const wrapped = await cli(['user', 'hashes', '--wrap'])
    expect(wrapped.code).to.not.equal(0)
    expect(wrapped.stderr).to.include('PASSWORD_UPGRADE is hold')
    expect(await stored()).to.deep.equal(before)
  })

  describe('once PASSWORD_UPGRADE is on', () => {
    before(async () => {
      await gateway.close()
      gateway = await startGateway(database, { ...keys, ...manyCodes, PASSWORD_UPGRADE: 'on' })
      client = createAccountClient(gateway)
    })

    const hashOf = async (user_id: number) =>
      (await db('account_user_base').where({ user_id }).first())?.user_password

    it('stay as they are when a sign-in fails, whatever it fails of', async () => {
      const [wrong = 0, locked = 0, paused = 0, cutOff = 0] = ids.slice(200)
      const tried = [wrong, locked, paused, cutOff]
      const before = await Promise.all(tried.map(hashOf))
      expect((await login(`member${wrong}`, 'wrong password')).json?.code).to.equal(300)
      await db('account_user_info').where({ user_id: locked }).update({ user_state: 0 })
      expect((await login(`member${locked}`, oldPassword(locked))).json).to.include({ error: 'USER_LOCKED' })
      // From a network that is known the user may go on.
      await db('account_user_login_history').where({ user_id: paused }).delete()
      for (let n = 0; n < 6; n++) await login(`member${paused}`, 'wrong password')
      expect((await login(`member${paused}`, oldPassword(paused))).json).to.include({
        error: 'TOO_MANY_FAILURES',
      })
      // The last statement of the sign-in's transaction is refused by the database.
      await db.raw(
        'CREATE TRIGGER refuse_session BEFORE INSERT ON user_session FOR EACH ROW ' +
          `BEGIN IF NEW.user_id = ${cutOff} THEN SIGNAL SQLSTATE '45000'; END IF; END`,
      )
      expect((await login(`member${cutOff}`, oldPassword(cutOff))).json).to.include({
        error: 'SERVICE_ERROR',
      })
      await db.raw('DROP TRIGGER refuse_session')
      expect(await Promise.all(tried.map(hashOf))).to.deep.equal(before)
      expectDone(await login(`member${cutOff}`, oldPassword(cutOff)))
      expect(await hashOf(cutOff)).to.match(/^\$argon2id\$/)
    })

    it('stay as they are when the password is not changed after all', async () => {
      const id = ids[300] ?? 0
      const code = await client.receiveCode(numberOf(id))
      const signedIn = await client.post('login/doSmsLogin', { verify_key: numberOf(id), verify_code: code })
      const token = tokenOf(signedIn)
      const before = await hashOf(id)
      await db.raw(
        'CREATE TRIGGER refuse_password BEFORE UPDATE ON account_user_base FOR EACH ROW ' +
          `BEGIN IF NEW.user_password <> OLD.user_password THEN SIGNAL SQLSTATE '45000'; END IF; END`,
      )
      const fields = { old_password: oldPassword(id), password: 'another password' }
      expect((await client.post('login/changePassword', fields, token)).json).to.include({
        error: 'SERVICE_ERROR',
      })
      await db.raw('DROP TRIGGER refuse_password')
      expect(await hashOf(id)).to.equal(before)
    })

    it('become argon2id one by one, as the count shows', async () => {
      const id = ids[400] ?? 0
      expectDone(await login(`member${id}`, oldPassword(id)))
      expect(await hashOf(id)).to.match(/^\$argon2id\$/)
      const counts = JSON.parse((await cli(['user', 'hashes', '--json'])).stdout)
      expect(counts).to.deep.equal({ 'md5+salt': 1000, argon2id: 2 })
    })
  })
})
