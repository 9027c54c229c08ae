import { expect } from 'chai'
import type { Knex } from 'knex'
import { setTimeout as sleep } from 'node:timers/promises'
import { migrate } from '../../../../db/migrate.js'
import type { WechatTokenKind } from '../../../../db/wechat-tokens.js'
import { GatewayError } from '../../../../gateway/outcome/errors.js'
import { createLog } from '../../../../gateway/services/telemetry/log.js'
import { createVault } from '../../../../gateway/services/vault.js'
import { createSharedToken, type SharedToken } from '../../../../gateway/services/wechat/shared-token.js'
import { open } from '../../../db/target.js'
import { createMovableClock, type MovableClock } from '../../../harness.js'
import { onEachDatabase } from '../../../servers/databases.js'
import { detailOf } from './failures.js'

const minute = 60_000
const dataKey = 'data-key-of-the-tests-at-least-32-long'

onEachDatabase('a token that nodes share', (database) => {
  const nodes: Knex[] = []
  let clock: MovableClock
  let lines: string[]
  /** Tokens that WeChat gave so far. */
  let given: number
  /** How often it was asked for one. */
  let asked: number
  let seconds: number
  let behaviour: 'gives' | 'fails' | 'dies'
  let delay: number
  let appId: string
  let apps = 0

  before(async () => {
    nodes.push(open(database), open(database))
    for (const db of nodes) await migrate(db)
  })
  beforeEach(() => {
    clock = createMovableClock()
    clock.freeze(Date.UTC(2026, 0, 5))
    lines = []
    given = 0
    asked = 0
    seconds = 7200
    behaviour = 'gives'
    delay = 0
    appId = `wx${++apps}`
  })
  after(async () => {
    for (const db of nodes) await db.destroy()
  })

  /** The token as a process knows it that runs on a node. */
  function tokenOn(
    node: 0 | 1,
    kind: WechatTokenKind = 'access',
    { key = dataKey, ahead = 0 }: { readonly key?: string; readonly ahead?: number } = {},
  ): SharedToken {
    const db = nodes[node]
    if (db === undefined) throw new Error('only there inside hooks and tests')
    const log = createLog('info', { write: (line) => lines.push(line), flush() {}, flushSync() {} })
    const fetch = async () => {
      const isDead = behaviour === 'dies'
      asked += 1
      await sleep(delay)
      if (isDead) return new Promise<never>(() => {})
      if (behaviour === 'fails') throw new GatewayError('WECHAT_FAILED', { detail: 'mini: HTTP 502' })
      return { value: `token-${++given}`, seconds }
    }
    const source = { way: 'mini', key: { app_id: appId, kind }, fetch } as const
    const own = { now: () => clock.now() + ahead }
    return createSharedToken(source, { db, vault: createVault([key]), clock: own, log })
  }
  const rows = () => tableOf(nodes).where({ app_id: appId })
  const many = <T>(count: number, action: (n: number) => Promise<T>): Promise<T[]> =>
    Promise.all(Array.from({ length: count }, (_, n) => action(n)))

  it('is asked for once and kept by all nodes', async () => {
    const [first, second] = [tokenOn(0), tokenOn(1)]
    for (const token of [first, first, second, tokenOn(0)]) expect(await token.read()).to.equal('token-1')
  })

  it('stands in the database sealed, with its times', async () => {
    await tokenOn(0).read()
    const [row] = await rows()
    expect(row).to.include({
      app_id: appId,
      kind: 'access',
      expires_at: clock.now() + 7200_000,
      refreshing_until: 0,
      fetched_at: clock.now(),
    })
    expect(JSON.stringify(row)).not.to.include('token-1')
    expect(lines.join('')).not.to.include('token-1')
  })

  it('is another one for each kind', async () => {
    expect(await tokenOn(0, 'access').read()).to.equal('token-1')
    expect(await tokenOn(0, 'jsapi').read()).to.equal('token-2')
    expect(await rows()).to.have.length(2)
  })

  it('is renewed five minutes before it runs out', async () => {
    const token = tokenOn(0)
    await token.read()
    clock.advance(115 * minute - 1)
    expect(await token.read()).to.equal('token-1')
    clock.advance(1)
    expect(await token.read()).to.equal('token-2')
    expect(await tokenOn(1).read()).to.equal('token-2')
  })

  it('is renewed after three quarters of a short life', async () => {
    seconds = 400
    const token = tokenOn(0)
    await token.read()
    clock.advance(299_999)
    expect(await token.read()).to.equal('token-1')
    clock.advance(1)
    expect(await token.read()).to.equal('token-2')
  })

  it('is asked for anew when the key it was sealed under is gone', async () => {
    await tokenOn(0).read()
    const other = tokenOn(0, 'access', { key: 'another-data-key-at-least-32-long-0' })
    expect(await other.read()).to.equal('token-2')
  })

  it('is asked for once by 50 calls on two nodes', async () => {
    delay = 50
    const tokens = [tokenOn(0), tokenOn(1)]
    expect(new Set(await many(50, (n) => readOf(tokens, n)))).to.deep.equal(new Set(['token-1']))
    clock.advance(3 * 60 * minute)
    expect(new Set(await many(50, (n) => readOf(tokens, n)))).to.deep.equal(new Set(['token-2']))
  })

  it('is asked for once by 20 processes that start at the same time', async () => {
    delay = 50
    const read = await many(20, (n) => tokenOn(n % 2 === 0 ? 0 : 1).read())
    expect(new Set(read)).to.deep.equal(new Set(['token-1']))
  })

  it('is used while another node asks for the next, as long as it is good', async () => {
    const token = tokenOn(0)
    await token.read()
    clock.advance(116 * minute)
    behaviour = 'dies'
    void tokenOn(1).read()
    await until(() => asked === 2)
    behaviour = 'gives'
    expect(await token.read()).to.equal('token-1')
    expect(given).to.equal(1)
  })

  it('is asked for by another node when the one that asked has died', async () => {
    behaviour = 'dies'
    void tokenOn(1).read()
    await until(() => asked === 1)
    behaviour = 'gives'
    const waiting = tokenOn(0).read()
    await sleep(300)
    expect(given).to.equal(0)
    clock.advance(45_000)
    expect(await waiting).to.equal('token-1')
  })

  it('does not come from a node that lost its turn', async () => {
    delay = 300
    const late = tokenOn(1).read()
    await until(() => asked === 1)
    clock.advance(45_000)
    delay = 0
    expect(await tokenOn(0).read()).to.equal('token-1')
    expect(await late).to.equal('token-2')
    expect(await tokenOn(0).read()).to.equal('token-1')
  })

  it('fails with WeChat, and is there with it again', async () => {
    behaviour = 'fails'
    const token = tokenOn(0)
    expect(await detailOf(token.read())).to.equal('mini: HTTP 502')
    behaviour = 'gives'
    clock.advance(10_000)
    expect(await token.read()).to.equal('token-1')
  })

  it('is asked for every ten seconds while WeChat gives none; others fail at once', async () => {
    behaviour = 'fails'
    delay = 50
    const tokens = [tokenOn(0), tokenOn(1)]
    const started = Date.now()
    for (let round = 1; round <= 3; round++) {
      await many(20, (n) => detailOf(readOf(tokens, n)))
      for (const token of tokens) {
        expect(await detailOf(token.read())).to.equal('mini: no access token')
        expect(await detailOf(token.renew())).to.equal('mini: no access token')
      }
      expect(asked).to.equal(round)
      clock.advance(10_000)
    }
    expect(Date.now() - started).to.be.below(4000)
  })

  it('is not taken from a node whose turn is long, as that of a ticket can be', async () => {
    delay = 300
    const first = tokenOn(1).read()
    await until(() => asked === 1)
    clock.advance(40_800)
    const second = tokenOn(0).read()
    expect(await Promise.all([first, second])).to.deep.equal(['token-1', 'token-1'])
  })

  it('is used to its end while WeChat gives no other, which is asked every ten seconds', async () => {
    const token = tokenOn(0)
    await token.read()
    behaviour = 'fails'
    clock.advance(115 * minute)
    expect(await token.read()).to.equal('token-1')
    behaviour = 'gives'
    clock.advance(9000)
    expect(await token.read()).to.equal('token-1')
    clock.advance(1000)
    expect(await token.read()).to.equal('token-2')
  })

  it('is replaced at once when WeChat has refused it', async () => {
    const [first, second] = [tokenOn(0), tokenOn(1)]
    expect([await first.read(), await second.read()]).to.deep.equal(['token-1', 'token-1'])
    await first.discard('token-1')
    expect(await first.read()).to.equal('token-2')
    await second.discard('token-1')
    expect(await second.read()).to.equal('token-2')
    expect(lines.filter((line) => line.includes('took a token back'))).to.have.length(1)
  })

  it('is not replaced because an older one was refused', async () => {
    const token = tokenOn(0)
    await token.read()
    await token.discard('token-0')
    expect(await token.read()).to.equal('token-1')
  })

  it('is replaced once for 50 calls on two nodes that WeChat has refused', async () => {
    delay = 50
    const tokens = [tokenOn(0), tokenOn(1)]
    await many(2, (n) => readOf(tokens, n))
    const replaced = await many(50, async (n) => {
      const token = tokens[n % 2]
      await token?.discard('token-1')
      return token?.read()
    })
    expect(new Set(replaced)).to.deep.equal(new Set(['token-2']))
  })

  it('is a new one when that is asked for, once in a minute', async () => {
    const [first, second] = [tokenOn(0), tokenOn(1)]
    await first.read()
    clock.advance(60_000)
    expect(await first.renew()).to.equal('token-2')
    expect(await second.renew()).to.equal('token-2')
    clock.advance(59_999)
    expect(await first.renew()).to.equal('token-2')
    clock.advance(1)
    expect(await second.renew()).to.equal('token-3')
    // A process knows a token for five seconds.
    clock.advance(5000)
    expect(await first.read()).to.equal('token-3')
  })

  it('is no new one when a clock that is fast has put it into the future', async () => {
    const fast = tokenOn(1, 'access', { ahead: 5 * minute })
    expect(await fast.read()).to.equal('token-1')
    const token = tokenOn(0)
    expect(await token.renew()).to.equal('token-2')
    expect(await token.renew()).to.equal('token-2')
    clock.advance(minute)
    expect(await tokenOn(1, 'access', { ahead: 1000 }).renew()).to.equal('token-3')
    // A second is no more than clocks differ by.
    expect(await token.renew()).to.equal('token-3')
  })

  it('is one new one for 50 calls on two nodes', async () => {
    const tokens = [tokenOn(0), tokenOn(1)]
    await many(2, (n) => readOf(tokens, n))
    clock.advance(minute)
    delay = 50
    const renewed = await many(50, async (n) => tokens[n % 2]?.renew())
    expect(new Set(renewed)).to.deep.equal(new Set(['token-2']))
  })

  it('is no old one for who wants a new one', async () => {
    const token = tokenOn(0)
    await token.read()
    clock.advance(minute)
    behaviour = 'fails'
    expect(await detailOf(token.renew())).to.equal('mini: HTTP 502')
    expect(await token.read()).to.equal('token-1')
  })
})

function tableOf([db]: readonly Knex[]) {
  if (db === undefined) throw new Error('only there inside hooks and tests')
  return db('wechat_token')
}

async function readOf(tokens: readonly SharedToken[], n: number): Promise<string | undefined> {
  return tokens[n % tokens.length]?.read()
}

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await sleep(5)
}
