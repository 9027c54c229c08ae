import { randomUUID } from 'node:crypto'
import { Agent } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect } from 'chai'
import type { UserMessageRow } from '../../../db/user-messages.js'
import { insertUser } from '../../../db/users.js'
import { signParameters, type TestApp } from '../../harness.js'
import { onEachDatabase, type TestDatabase } from '../../servers/databases.js'
import {
  type BesideConnection,
  connectBeside,
  type GatewayProcess,
  startGatewayProcess,
} from '../../servers/processes/gateway-process.js'
import { readMessage } from './messages.js'
import { post } from './post.js'

const messages = 800
const lanes = 30
const receiversAtOnce = 12
const sent = 200

/** A message by its text, which no other has, and how many users it is for. */
interface Job {
  readonly text: string
  readonly method: 'front.account.userMessage.add' | 'open.message.send'
  readonly params: Readonly<Record<string, string>>
  readonly receivers: number
}

onEachDatabase('sending messages in parallel while a node is killed', function (database) {
  this.timeout(180_000)
  let beside: BesideConnection
  let app: TestApp
  let nodes: GatewayProcess[] = []
  const agent = new Agent({ keepAlive: true, maxSockets: 2 * lanes })
  before(async () => {
    beside = await connectBeside(database)
    app = await beside.addApp()
    nodes = await startNodes(database)
  })
  after(async () => {
    agent.destroy()
    for (const node of nodes) await node.stop()
    await beside?.close()
  })

  /** Calls one node, again where nobody listens, so that nothing was sent; undefined: cut off before the answer. */
  async function call(at: number, method: string, params: Readonly<Record<string, string>>) {
    for (;;) {
      const node = nodes[at % nodes.length]
      const sending = { url: node?.url ?? '', agent, params: signParameters(app, { method, ...params }) }
      const answer = node && (await post(sending).catch((error: NodeJS.ErrnoException) => error))
      if (answer && !(answer instanceof Error)) return answer
      if (answer && answer.code !== 'ECONNREFUSED') return undefined
      await sleep(50)
    }
  }

  async function signUp(mobile: string): Promise<{ token: string; user_id: number }> {
    await call(0, 'web.passport.sendcode', { mobile })
    const verify_code = await readMessage(beside.db, `+86${mobile}`, /(\d{4})/)
    const params = { bind_type: '1', verify_key: mobile, verify_code, password: 'secret of his own' }
    const answer = await call(0, 'front.account.login.register', params)
    return (JSON.parse(answer?.body ?? '') as { data: { token: string; user_id: number } }).data
  }

  const addReceivers = async () => {
    const ids: number[] = []
    for (let made = 0; made < receiversAtOnce; made++)
      ids.push(
        await insertUser(beside.db, { account: randomUUID(), passwordHash: '', createdAt: Date.now() }),
      )
    return ids
  }

  /** Messages of users to users, and of the shop to many in the name of a user. */
  async function planJobs(): Promise<Job[]> {
    const receivers = await addReceivers()
    const senders = [await signUp('13900000001'), await signUp('13900000002'), await signUp('13900000003')]
    return Array.from({ length: messages }, (_, at) => {
      const text = `message ${at}`
      const sender = senders[at % senders.length]
      if (!sender) throw new Error('there are senders')
      const one = { perm_key: sender.token, user_other_id: String(receivers[at % receiversAtOnce]) }
      const many = { uids: receivers.join(','), senderUid: String(sender.user_id), content: text }
      return at % 4 === 3
        ? { text, method: 'open.message.send', params: many, receivers: receiversAtOnce }
        : {
            text,
            method: 'front.account.userMessage.add',
            params: { ...one, message_content: text },
            receivers: 1,
          }
    })
  }

  /** Sends all, each once; nobody sends a message again whose answer was lost. Returns those that were acknowledged. */
  async function sendAll(
    jobs: readonly Job[],
    meanwhile: (done: () => number) => Promise<void>,
  ): Promise<Job[]> {
    const acknowledged: Job[] = []
    let next = 0
    const lane = async () => {
      for (let at = next++; at < jobs.length; at = next++) {
        const job = jobs[at]
        const answer = job && (await call(at, job.method, job.params))
        if (job && answer?.code === sent) acknowledged.push(job)
      }
    }
    await Promise.all([...Array.from({ length: lanes }, lane), meanwhile(() => acknowledged.length)])
    return acknowledged
  }

  it('leaves outbox and inbox in pairs, and loses or doubles nothing that was acknowledged', async () => {
    const jobs = await planJobs()
    const acknowledged = await sendAll(jobs, async (done) => {
      for (const share of [0.15, 0.4]) {
        while (done() < share * messages) await sleep(5)
        await nodes.pop()?.kill()
        nodes.push(await startGatewayProcess(database, environment))
      }
    })
    expect(acknowledged.length).to.be.within(messages / 2, messages)
    expect(acknowledged.length, 'a node was killed in the middle').to.be.below(messages)
    const rows = await beside.db('account_user_message').where({ message_type: 2 })
    expect(findUnpaired(rows)).to.deep.equal([])
    const counts = countByText(rows)
    const lost = acknowledged.filter(({ text, receivers }) => counts.get(text) !== receivers)
    expect(lost, 'acknowledged, but not there once').to.deep.equal([])
    const wrong = jobs.filter(({ text, receivers }) => ![0, receivers].includes(counts.get(text) ?? 0))
    expect(wrong, 'there in part, or twice').to.deep.equal([])
  })
})

const environment = { MESSAGE_PER_MINUTE: '300', MESSAGE_PER_DAY: '100000' }

/** Two on MariaDB; SQLite means one process. */
async function startNodes(database: TestDatabase): Promise<GatewayProcess[]> {
  const count = database.kind === 'mysql' ? 2 : 1
  return Promise.all(Array.from({ length: count }, () => startGatewayProcess(database, environment)))
}

/** Rows of one side without exactly one of the other: the same two users, the same moment, the same text. */
function findUnpaired(rows: readonly UserMessageRow[]): string[] {
  const pairs = new Map<string, { sent: number; received: number }>()
  for (const row of rows) {
    const isSent = row.message_kind === 1
    const [from, to] = isSent ? [row.user_id, row.user_other_id] : [row.user_other_id, row.user_id]
    const key = [from, to, row.message_time, row.message_content].join(' ')
    const pair = pairs.get(key) ?? { sent: 0, received: 0 }
    pair[isSent ? 'sent' : 'received'] += 1
    pairs.set(key, pair)
  }
  return [...pairs].filter(([, pair]) => pair.sent !== 1 || pair.received !== 1).map(([key]) => key)
}

/** How many inboxes hold each text. */
function countByText(rows: readonly UserMessageRow[]): Map<string, number> {
  const counts = new Map<string, number>()
  for (const { message_kind, message_content } of rows)
    if (message_kind === 2 && message_content !== null)
      counts.set(message_content, (counts.get(message_content) ?? 0) + 1)
  return counts
}
