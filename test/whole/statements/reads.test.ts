import { expect } from 'chai'
import Libsql from 'libsql'
import { bindAddress } from '../../../db/bindings.js'
import { SqliteConnection } from '../../../db/sqlite-connection.js'
import { isMysql } from '../../../db/connect.js'
import { statementsDuring } from '../../db/statements.js'
import type { HttpAnswer } from '../../fetch-answer.js'
import type { TestUser } from '../../harness.js'
import { prepared, withGateway } from '../../suite.js'

/** Rounds of which one must be undisturbed by what the server does by itself, on a connection of its own. */
const rounds = 5

withGateway('reads that are made often', (gateway) => {
  const users = prepared(before, async () => {
    const some: TestUser[] = []
    for (let at = 0; at <= rounds; at++) {
      const user = await gateway.addUser({ mobile: `1390000001${at}`, email: `reader${at}@example.com` })
      const { db } = gateway.services
      await db('account_user_message').insert({
        user_id: user.uid,
        message_title: '',
        message_content: 'hello',
        message_kind: 2,
        message_is_read: 0,
        message_time: Date.now(),
      })
      for (let n = 0; n < 10; n++) await db('account_user_delivery_address').insert({ user_id: user.uid })
      some.push(user)
    }
    return some
  })
  before(() => gateway.services.queue.stop())

  /** How often knex compiled a query, and a statement was prepared, while a call was answered. */
  async function workOf(call: () => Promise<HttpAnswer>): Promise<{ built: number; prepared: number }> {
    const { db } = gateway.services
    const { client } = db as unknown as { client: { queryCompiler: (...args: unknown[]) => unknown } }
    const compiler = client.queryCompiler.bind(client)
    const work = { built: 0, prepared: 0 }
    client.queryCompiler = (...args) => {
      work.built++
      return compiler(...args)
    }
    Object.defineProperty(SqliteConnection.prototype, 'prepare', {
      configurable: true,
      value(this: SqliteConnection, sql: string) {
        work.prepared++
        return Libsql.prototype.prepare.call(this, sql)
      },
    })
    const before = await countPrepared()
    work.built = 0
    try {
      const { json, text } = await call()
      expect(json?.code, text).to.be.oneOf([0, 200])
      const { built, prepared } = work
      return { built, prepared: isMysql(db) ? (await countPrepared()) - before : prepared }
    } finally {
      client.queryCompiler = compiler
      Reflect.deleteProperty(SqliteConnection.prototype, 'prepare')
    }
  }

  /** How many statements MariaDB was given to prepare since it runs. */
  async function countPrepared(): Promise<number> {
    const { db } = gateway.services
    if (!isMysql(db)) return 0
    const [[row]] = (await db.raw("SHOW GLOBAL STATUS LIKE 'Com_stmt_prepare'")) as [{ Value: string }[]]
    return Number(row?.Value)
  }

  const withToken = (path: string) => async (user: TestUser) => {
    const headers = { Authorization: `Bearer ${await user.startSession()}` }
    return () => gateway.request(`/front/account/${path}`, { headers })
  }
  const ofUid = (method: string) => async (user: TestUser) => () =>
    gateway.call(method, { uid: String(user.uid) })
  const reads: Record<string, (user: TestUser) => Promise<() => Promise<HttpAnswer>>> = {
    'web.passport.getUserVerifyInfo': ofUid('web.passport.getUserVerifyInfo'),
    'open.passport.get': ofUid('open.passport.get'),
    'front.account.user.info': withToken('user/info'),
    'front.account.userDeliveryAddress.list': withToken('userDeliveryAddress/list'),
    'front.account.userMessage.getMsgCount': withToken('userMessage/getMsgCount'),
  }
  for (const [method, prepareCall] of Object.entries(reads))
    it(`${method} builds and prepares nothing after the first call, whoever it is about`, async () => {
      const [first, ...others] = users
      if (!first) throw new Error('there is a first user')
      await (await prepareCall(first))()
      const seen = []
      for (const user of others) seen.push(await workOf(await prepareCall(user)))
      expect(seen).to.deep.include({ built: 0, prepared: 0 })
    })

  it('web.passport.getUserVerifyInfo is one statement of a user with both addresses, with claims to them and with none', async () => {
    const { db } = gateway.services
    const claimed = { mobile: '13900000201', email: 'claimed@example.com', verified: false }
    const proved = await gateway.addUser()
    const at = Date.now()
    const own = { user_id: proved.uid, verified_at: at, created_at: at }
    await bindAddress(db, { ...own, kind: 'mobile', value: '+8613900000202' })
    await bindAddress(db, { ...own, kind: 'email', value: 'proved@example.com' })
    const reads = [proved, await gateway.addUser(claimed), await gateway.addUser()]
    for (const user of reads) {
      const call = () => gateway.call('web.passport.getUserVerifyInfo', { uid: String(user.uid) })
      await call()
      const { result, statements } = await statementsDuring(db, call)
      expect(result.json?.code).to.equal(200)
      expect(statements).to.have.length(1)
    }
  })
})
