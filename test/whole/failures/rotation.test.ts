import { generateKeyPairSync } from 'node:crypto'
import { expect } from 'chai'
import { setTimeout as sleep } from 'node:timers/promises'
import { runCommand } from '../../gateway/cli/command-line.js'
import { requireProgram } from '../../servers/available.js'
import { onEachDatabase } from '../../servers/databases.js'
import {
  type BesideConnection,
  connectBeside,
  type GatewayProcess,
  processKeys,
  startGatewayProcess,
} from '../../servers/processes/gateway-process.js'
import { freePort } from '../../servers/processes/process.js'
import { type Proxy, startNodesProxy } from '../../servers/shop/nginx.js'
import { startRotationLoad } from './rotation-load.js'

const isLong = Boolean(process.env['TEST_LONG'])
/** Longer than a node that was stopped counts as one that runs, and a look at the others after it. */
const untilGone = 205_000

const rsaKey = () =>
  generateKeyPairSync('rsa', {
    modulusLength: 2048,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  }).privateKey

type Keys = Readonly<Record<'DATA_KEY' | 'JWT_SECRET' | 'LOGIN_KEY', string>>

const older: Keys = { ...processKeys, LOGIN_KEY: rsaKey() }
const newer: Keys = {
  DATA_KEY: 'next-data-key-of-the-processes-at-least-32',
  JWT_SECRET: 'next-jwt-secret-of-the-processes-at-least-32',
  LOGIN_KEY: rsaKey(),
}
const both = (first: Keys, second: Keys): Keys => ({
  DATA_KEY: `${first.DATA_KEY},${second.DATA_KEY}`,
  JWT_SECRET: `${first.JWT_SECRET},${second.JWT_SECRET}`,
  LOGIN_KEY: `${first.LOGIN_KEY}\n${second.LOGIN_KEY}`,
})

onEachDatabase('rotation of all keys of two nodes that run', (database) => {
  // A file of SQLite is one server's.
  if (database.kind === 'sqlite') return
  let beside: BesideConnection
  let proxy: Proxy
  const nodes: GatewayProcess[] = []
  const ports: number[] = []
  const limits = {
    TRUST_PROXY: '127.0.0.1',
    CODE_PER_IP_HOUR: '1000000',
    CODE_PER_NETWORK_HOUR: '1000000',
    CODE_PER_DAY: '10000000',
    CODE_NETWORK_SHARE: '100',
  }
  const start = (at: number, keys: Keys) =>
    startGatewayProcess(database, { ...limits, ...keys, PORT: String(ports[at]) })
  const restartAll = async (keys: Keys, { areForgotten = false } = {}) => {
    for (const [at, node] of nodes.entries()) {
      await node.stop()
      // As if a node's three minutes were over.
      if (areForgotten)
        await beside.db('key_holder').where('node_name', 'like', `%:${node.pid}`).update({ seen_at: 0 })
      nodes[at] = await start(at, keys)
      await sleep(300)
    }
  }
  const cli = (command: string, keys: Keys) =>
    runCommand(command.split(' '), { env: { ...keys, DATABASE_URL: database.url } })
  before(async function () {
    this.timeout(60_000)
    requireProgram(this, 'nginx')
    beside = await connectBeside(database)
    ports.push(await freePort(), await freePort())
    for (const at of ports.keys()) nodes.push(await start(at, older))
    proxy = await startNodesProxy(ports)
  })
  after(async () => {
    await proxy?.stop()
    await Promise.all(nodes.map((node) => node.stop()))
    await beside?.close()
  })

  const startLoad = async (numbers: string, keys: Keys) => {
    const name = `rotation${Date.now()}`
    const added = await cli(`app add ${name} --scheme legacy --trust server --grant web.* --json`, keys)
    const { secret }: { secret: string } = JSON.parse(added.stdout)
    const app = { name, secret, scheme: 'legacy' } as const
    await sleep(2500)
    const load = { clients: isLong ? 32 : 8, perSecond: isLong ? 500 : 200 }
    return { name, load: await startRotationLoad({ url: proxy.url, db: beside.db, app, numbers, ...load }) }
  }
  const check = async ({ load }: Awaited<ReturnType<typeof startLoad>>, title: string) => {
    const { calls, failed, perSecond } = await load.stop()
    console.log(`      ${title}: ${calls} calls, ${perSecond}/s, ${failed.length} failed`)
    const counts = new Map<string, number>()
    for (const text of failed) counts.set(text, (counts.get(text) ?? 0) + 1)
    expect(
      Object.fromEntries(counts),
      [`${failed.length} of ${calls}`, ...proxy.lostCalls()].join('\n'),
    ).to.deep.equal({})
    expect(calls).to.be.above(100)
  }

  it('fails no call: known first, then written with, then alone', async function () {
    this.timeout(300_000)
    const running = await startLoad('139', older)
    const rotated = await cli(`app rotate ${running.name} --json`, older)
    const { secret }: { secret: string } = JSON.parse(rotated.stdout)

    await restartAll(both(older, newer), { areForgotten: true })
    running.load.useSecret(secret)
    expect(await statesOf(both(older, newer))).to.include.members(['DATA_KEY 1 used', 'JWT_SECRET 1 used'])
    await restartAll(both(newer, older), { areForgotten: true })
    expect(await statesOf(both(newer, older))).to.include.members([
      'DATA_KEY 1 used',
      'DATA_KEY 2 reseal',
      'JWT_SECRET 1 used',
      'JWT_SECRET 2 kept',
      'LOGIN_KEY 1 used',
    ])
    await running.load.signInAgain()
    const resealed = await cli('keys reseal', both(newer, older))
    expect(resealed, resealed.stderr).to.include({ code: 0 })
    expect(await statesOf(both(newer, older))).to.include('DATA_KEY 2 kept')
    await restartAll(newer, { areForgotten: true })
    await running.load.signInAgain()

    await check(running, 'three rounds')
    for (const node of nodes) expect(node.output()).not.to.contain('cannot be read here')
  })

  const itIfLong = isLong ? it : () => {}
  itIfLong(
    'fails no call either where the new key is put first at once: it waits until all have it',
    async function () {
      this.timeout(untilGone + 300_000)
      const running = await startLoad('138', newer)
      await restartAll(both(older, newer))
      expect(nodes[0]?.output()).to.contain('nodes lack the key that is first here')
      await sleep(untilGone)
      expect(await statesOf(both(older, newer))).to.include.members(['DATA_KEY 1 used', 'DATA_KEY 2 reseal'])
      await running.load.signInAgain()
      expect(await cli('keys reseal', both(older, newer))).to.include({ code: 0 })
      await restartAll(older)
      await running.load.signInAgain()

      await check(running, 'two rounds')
    },
  )

  /** As `VARIABLE place state` of every key that is given. */
  async function statesOf(keys: Keys): Promise<string[]> {
    const { stdout, stderr } = await cli('keys list --json', keys)
    expect(stderr).to.equal('')
    const told: { keys: { variable: string; place: number; state: string }[] } = JSON.parse(stdout)
    return told.keys
      .filter(({ place }) => place >= 0)
      .map(({ variable, place, state }) => `${variable} ${place + 1} ${state}`)
  }
})
