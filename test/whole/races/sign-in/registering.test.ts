import { expect } from 'chai'
import { Agent, request } from 'node:http'
import { text } from 'node:stream/consumers'
import { setTimeout as sleep } from 'node:timers/promises'
import { createVault } from '../../../../gateway/services/vault.js'
import { onEachDatabase, type TestDatabase } from '../../../servers/databases.js'
import {
  type BesideConnection,
  connectBeside,
  type GatewayProcess,
  processKeys,
  startGatewayProcess,
} from '../../../servers/processes/gateway-process.js'

const users = 1000
const lanes = 40
const code = '4711'

const mobileOf = (at: number) => `139${String(10_000_000 + at)}`

onEachDatabase('registering a thousand users in parallel', function (database) {
  this.timeout(180_000)
  let beside: BesideConnection
  let nodes: GatewayProcess[] = []
  const agent = new Agent({ keepAlive: true, maxSockets: 2 * lanes })
  before(async () => {
    beside = await connectBeside(database)
    nodes = await startNodes(database)
  })
  after(async () => {
    agent.destroy()
    for (const node of nodes) await node.stop()
    await beside?.close()
  })

  /** As if each number had been sent a code: a thousand messages are another test's matter. */
  async function giveCodes(first: number): Promise<void> {
    const vault = createVault([processKeys.DATA_KEY])
    const rows = Array.from({ length: users }, (_, at) => {
      const address = `sms:+86${mobileOf(first + at)}`
      return {
        address,
        code_id: `code-${first + at}`,
        digest: vault.digest('sent-code', `${address} ${code}`),
        purpose: '',
        wrong_tries: 0,
        expires_at: Date.now() + 600_000,
      }
    })
    await beside.db.batchInsert('sent_code', rows, 200)
  }

  /** Registers as a client does: comes again when it is told that the server is busy. */
  async function register(at: number): Promise<'done' | 'refused' | 'lost'> {
    const number = `+86${mobileOf(at)}`
    for (;;) {
      const node = nodes[at % nodes.length]
      const fields = { bind_type: '1', user_account: number, verify_key: number, verify_code: code }
      const answer =
        node &&
        (await post(`${node.url}/front/account/login/register`, { ...fields, password: `secret ${at}` }))
      if (answer === 'cut off') return 'lost'
      if (answer && ![503, 429].includes(answer.status))
        return answer.body.includes('"code":0,') ? 'done' : 'refused'
      await sleep(200)
    }
  }

  /** Undefined: nobody listens, so nothing was sent. */
  async function post(url: string, fields: Record<string, string>) {
    const form = new URLSearchParams(fields).toString()
    const headers = {
      'Content-Type': 'application/x-www-form-urlencoded',
      'Content-Length': Buffer.byteLength(form),
    }
    return new Promise<{ status: number; body: string } | 'cut off' | undefined>((resolve) => {
      const call = request(url, { method: 'POST', agent, headers }, (response) => {
        text(response).then(
          (body) => resolve({ status: response.statusCode ?? 0, body }),
          () => resolve('cut off'),
        )
      })
      call.once('error', (error: NodeJS.ErrnoException) =>
        resolve(error.code === 'ECONNREFUSED' ? undefined : 'cut off'),
      )
      call.end(form)
    })
  }

  async function registerAll(first: number, meanwhile?: (done: () => number) => Promise<void>) {
    await giveCodes(first)
    const outcomes: (readonly [number, 'done' | 'refused' | 'lost'])[] = []
    let next = first
    const lane = async () => {
      while (next < first + users) {
        const at = next++
        outcomes.push([at, await register(at)])
      }
    }
    await Promise.all([
      ...Array.from({ length: lanes }, lane),
      meanwhile?.(() => outcomes.filter(([, outcome]) => outcome === 'done').length),
    ])
    return outcomes
  }

  /** Users of the numbers from `first` on, each with what a whole user has. */
  async function findUsers(first: number) {
    const { db } = beside
    const rows = await db('account_user_base as base')
      .join('account_user_info as info', 'info.user_id', 'base.user_id')
      .where('info.user_mobile', '>=', mobileOf(first))
      .where('info.user_mobile', '<', mobileOf(first + users))
      .select('base.user_id', 'base.user_account', 'info.user_mobile')
      .orderBy('base.user_id')
    return rows as { user_id: number; user_account: string; user_mobile: string }[]
  }

  /** How many rows of each kind the users have who have not exactly one. */
  async function findIncomplete(): Promise<unknown[]> {
    const { db } = beside
    const kinds = {
      account_user_info: {},
      account_user_login: {},
      account_user_login_history: {},
      account_user_bind_connect: { bind_type: 1 },
      user_identity: { kind: 'mobile' },
      pay_user_resource: {},
      pay_user_points_history: { points_type_id: 1 },
      account_user_message: { message_type: 1 },
      user_session: {},
    }
    const problems: unknown[] = []
    const ids = new Set(await db('account_user_base').pluck('user_id'))
    for (const [table, where] of Object.entries(kinds)) {
      const counts: { user_id: number; n: number | string }[] = await db
        .from(table)
        .where(where)
        .select('user_id')
        .count({ n: '*' })
        .groupBy('user_id')
      const whole = new Set(counts.filter(({ n }) => Number(n) === 1).map(({ user_id }) => user_id))
      for (const userId of ids) if (!whole.has(userId)) problems.push([table, userId])
      for (const { user_id, n } of counts) if (!ids.has(user_id)) problems.push([table, 'nobody', user_id, n])
    }
    return problems
  }

  it('makes each of them once and whole', async () => {
    const outcomes = await registerAll(0)
    expect(outcomes.filter(([, outcome]) => outcome !== 'done')).to.deep.equal([])
    const made = await findUsers(0)
    expect(made).to.have.length(users)
    expect(new Set(made.map(({ user_account }) => user_account)).size).to.equal(users)
    expect(new Set(made.map(({ user_mobile }) => user_mobile)).size).to.equal(users)
    expect(await findIncomplete()).to.deep.equal([])
  })

  it('leaves nobody half made, and loses nobody who was answered, when a node is killed in the middle', async () => {
    const outcomes = await registerAll(users, async (done) => {
      while (done() < users / 4) await sleep(20)
      await nodes.pop()?.kill()
      nodes.push(await startGatewayProcess(database, environment))
    })
    const answered = outcomes.filter(([, outcome]) => outcome === 'done').map(([at]) => mobileOf(at))
    const made = (await findUsers(users)).map(({ user_mobile }) => user_mobile)
    expect(answered.filter((mobile) => !made.includes(mobile))).to.deep.equal([])
    expect(outcomes.filter(([, outcome]) => outcome === 'refused')).to.deep.equal([])
    expect(answered.length).to.be.above(users / 2)
    expect(await findIncomplete()).to.deep.equal([])
  })
})

const environment = { HASH_QUEUE: '16' }

/** Two on MariaDB; SQLite means one process. */
async function startNodes(database: TestDatabase): Promise<GatewayProcess[]> {
  const count = database.kind === 'mysql' ? 2 : 1
  return Promise.all(Array.from({ length: count }, () => startGatewayProcess(database, environment)))
}
