import { expect } from 'chai'
import type { Knex } from 'knex'
import { setTimeout as sleep } from 'node:timers/promises'
import { insertUser } from '../../../db/users.js'
import { fetchAnswer, type HttpAnswer } from '../../fetch-answer.js'
import { dataOf } from '../../harness.js'
import { hashQuickly } from '../../password-cost.js'
import { requireProgram } from '../../servers/available.js'
import { onEachDatabase } from '../../servers/databases.js'
import { type Mariadb, startMariadb } from '../../servers/mariadb.js'
import {
  type BesideConnection,
  connectBeside,
  type GatewayProcess,
  startGatewayProcess,
} from '../../servers/processes/gateway-process.js'

const password = 'right password'
const wrong = 'PASSWORD_WRONG'

/** Users who have signed in today already, so that what is left to write of a sign-in is written after its answer. */
async function addMembers(db: Knex, count: number): Promise<number[]> {
  const passwordHash = await hashQuickly(password)
  const ids: number[] = []
  for (let at = 0; at < count; at++) {
    const account = `member-${Date.now()}-${at}`
    const user_id = await insertUser(db, { account, passwordHash, createdAt: 0 })
    await db('account_user_login').insert({ user_id, user_active_time: Date.now() })
    ids.push(user_id)
  }
  return ids
}

async function signIn(url: string, db: Knex, userId: number, given = password): Promise<HttpAnswer> {
  const row = await db('account_user_base').where({ user_id: userId }).first()
  const query = new URLSearchParams({ user_account: row?.user_account ?? '', password: given })
  return fetchAnswer(`${url}/front/account/login/login?${query.toString()}`)
}

const isAlive = async (url: string, token: string) =>
  (await fetchAnswer(`${url}/front/account/user/info?perm_key=${token}`)).json?.['status'] === 200

onEachDatabase('sign-ins of a server that ends', function (database) {
  this.timeout(60_000)
  let beside: BesideConnection
  let server: GatewayProcess
  before(async () => {
    beside = await connectBeside(database)
  })
  beforeEach(async () => {
    server = await startGatewayProcess(database)
  })
  after(() => beside.close())

  it('are all in the history, the audit and the row of the user after a clean stop', async () => {
    const { db } = beside
    const members = await addMembers(db, 10)
    const answers = await Promise.all(members.map((userId) => signIn(server.url, db, userId)))
    for (const { json, text } of answers) expect(json?.['status'], text).to.equal(200)
    expect((await signIn(server.url, db, members[0] ?? 0, 'a wrong one')).json?.['error']).to.equal(wrong)
    const ended = await server.stop()
    expect(ended.code).to.equal(0)
    for (const table of ['account_user_login_history', 'account_user_login'] as const)
      expect(await db(table).whereIn('user_id', members), table).to.have.length(members.length)
    expect(
      await db('account_user_login').whereIn('user_id', members).pluck('user_count_login'),
    ).to.deep.equal(members.map(() => 1))
    const audit = await db('audit_entry').whereIn('target_id', members).pluck('outcome')
    expect(audit.sort()).to.deep.equal([wrong, ...members.map(() => 'ok')])
  })

  it('are sessions, and wrong passwords are counted, even when it is killed at once', async () => {
    const { db } = beside
    const members = await addMembers(db, 10)
    const [guessed = 0] = await addMembers(db, 1)
    const answers = await Promise.all(members.map((userId) => signIn(server.url, db, userId)))
    for (let n = 0; n < 3; n++) await signIn(server.url, db, guessed, 'a wrong one')
    await server.kill()
    const next = await startGatewayProcess(database)
    try {
      for (const { json } of answers)
        expect(await isAlive(next.url, dataOf<{ token: string }>(json).token)).to.equal(true)
      const failures = await db('login_failure')
        .where({ subject: `${guessed}/account` })
        .first()
      expect(failures?.failures).to.equal(3)
    } finally {
      await next.stop()
    }
  })
})

describe('sign-ins of a server whose MariaDB goes', function () {
  this.timeout(60_000)
  let mariadb: Mariadb
  let beside: BesideConnection
  let server: GatewayProcess
  before(async function () {
    requireProgram(this, 'mariadbd')
    mariadb = await startMariadb()
    const url = await mariadb.createDatabase()
    beside = await connectBeside({ url })
    server = await startGatewayProcess({ url })
  })
  after(async () => {
    await server?.stop()
    await beside?.close()
    await mariadb?.stop()
  })

  it('are in the history once it is back', async () => {
    const { db } = beside
    const members = await addMembers(db, 5)
    const answers = await Promise.all(members.map((userId) => signIn(server.url, db, userId)))
    for (const { json, text } of answers) expect(json?.['status'], text).to.equal(200)
    await mariadb.kill()
    // Longer than a write is tried by itself.
    await sleep(5000)
    await mariadb.restart()
    const until = Date.now() + 15_000
    const written = () => db('account_user_login_history').whereIn('user_id', members).pluck('user_id')
    let rows: number[] = []
    while (rows.length < members.length && Date.now() < until) {
      await sleep(200)
      rows = await written().catch(() => [])
    }
    expect(rows.sort((left, right) => left - right)).to.deep.equal(members)
    expect(server.output()).to.include('could not be written yet')
  })
})
