import { expect } from 'chai'
import { Agent, get } from 'node:http'
import { text } from 'node:stream/consumers'
import { hash } from '@node-rs/argon2'
import { insertUser } from '../../../db/users.js'
import { done, sendRefused } from '../../answers.js'
import { usualHashes } from '../../password-cost.js'
import { onEachDatabase } from '../../servers/databases.js'
import {
  type BesideConnection,
  connectBeside,
  type GatewayProcess,
  startGatewayProcess,
} from '../../servers/processes/gateway-process.js'

onEachDatabase('the account methods on every node there may be', function (database) {
  this.timeout(120_000)
  let beside: BesideConnection
  let nodes: GatewayProcess[] = []
  const agent = new Agent({ keepAlive: true, maxSockets: 500 })
  before(async () => {
    beside = await connectBeside(database)
    const count = database.kind === 'mysql' ? 2 : 1
    nodes = await Promise.all(Array.from({ length: count }, () => startGatewayProcess(database, usualHashes)))
  })
  after(async () => {
    agent.destroy()
    for (const node of nodes) await node.stop()
    await beside?.close()
  })

  /** Asks for a path on the nodes in turn, all at once; how often each body came. */
  async function race(path: string, times: number): Promise<Map<string, number>> {
    const bodies = await Promise.all(
      Array.from({ length: times }, (_, at) => ask(`${nodes[at % nodes.length]?.url ?? ''}${path}`)),
    )
    const counts = new Map<string, number>()
    for (const body of bodies) counts.set(body, (counts.get(body) ?? 0) + 1)
    return counts
  }

  function ask(url: string): Promise<string> {
    return new Promise((resolve, reject) => {
      get(url, { agent }, (response) => void text(response).then(resolve, reject)).once('error', reject)
    })
  }

  it('send one text message for 500 parallel calls for one number', async () => {
    const answers = await race('/front/sys/captcha/mobile?mobile=%2B8613900000031', 500)
    expect(Object.fromEntries(answers)).to.deep.equal({ [done]: 1, [sendRefused]: 499 })
    expect(await beside.db('outbox_message').where({ address: '+8613900000031' })).to.have.length(1)
  })

  it('compare no more than five of 200 parallel wrong passwords', async () => {
    const passwordHash = await hash('right password', { memoryCost: 19_456, timeCost: 2, parallelism: 1 })
    await insertUser(beside.db, { account: 'guessed_at', passwordHash, createdAt: Date.now() })
    const started = Date.now()
    const answers = await race('/front/account/login/login?user_account=guessed_at&password=wrong', 200)
    const seconds = (Date.now() - started) / 1000
    const count = (error: string) =>
      [...answers].reduce((total, [body, times]) => (body.includes(`"${error}"`) ? total + times : total), 0)
    const compared = count('PASSWORD_WRONG')
    // Each pause that ends lets one more in: after 1 second, 2 more, 4 more. A slow machine may see that.
    const endedPauses = Math.floor(Math.log2(seconds + 1))
    expect(compared).to.be.within(5, 5 + endedPauses)
    // What is no comparison waits for its turn, or for a place among the hashes.
    expect(count('TOO_MANY_FAILURES') + count('UNAVAILABLE') + count('CONTENTION')).to.equal(200 - compared)
  })
})
