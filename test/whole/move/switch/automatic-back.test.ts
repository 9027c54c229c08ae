import { expect } from 'chai'
import { setTimeout as sleep } from 'node:timers/promises'
import { keys, useCommandLine } from '../../../gateway/cli/command-line.js'
import { requireProgram } from '../../../servers/available.js'
import { type OldGateway, startOldGateway } from '../../../servers/old-gateway/old-gateway.js'
import { withGateway } from '../../../suite.js'
import { addOldUsers } from '../adopted-users.js'
import { type Fault, type FaultyServer, startFaultyServer } from './faulty-server.js'
import { ask, signed, startMixedLoad } from './mixed-load.js'
import { type MoveProxies, startMoveProxies } from './move-proxies.js'

const isLong = process.env['TEST_LONG'] === '1'
const callsPerSecond = isLong ? 200 : 30
/** Milliseconds; where others use the machine, anything may happen. */
const mostMilliseconds = isLong ? 10_000 : 30_000

withGateway(
  `A method goes back by itself within ${mostMilliseconds / 1000} seconds`,
  { ...keys, LIMIT_IP_SCALE: '10000' },
  (gateway, database) => {
    const cli = useCommandLine(database)
    let old: OldGateway
    let candidate: FaultyServer
    let proxies: MoveProxies
    before(async function () {
      this.timeout(120_000)
      old = await startOldGateway(requireProgram(this, 'php'))
      for (const [name, secret] of Object.entries(old.apps)) await gateway.addApp({ name, secret })
      await addOldUsers(gateway, old)
      candidate = await startFaultyServer(gateway.url)
      const options = ['--back-at', '50%', '--compare', '50', '--back-at-difference', '5%']
      proxies = await startMoveProxies({ database, old: old.url, candidate: candidate.url, options })
    })
    after(async () => {
      await proxies?.stop()
      await candidate?.close()
      await old?.stop()
    })

    const sides = async () => {
      const call = signed(old, 'web.passport.getUserVerifyInfo', { uid: String(old.users[0]?.uid) })
      return (await Promise.all(proxies.urls.map((url) => ask(url, call)))).map(({ side }) => side)
    }
    const routeNow = async () => {
      const { routes } = JSON.parse((await cli.run('move status --json')).stdout)
      return routes.find(({ method }: { method: string }) => method === 'web.passport.getUserVerifyInfo')
    }

    const faults: readonly [fault: Fault, reason: RegExp][] = [
      ['killed', /getUserVerifyInfo: \d+ of \d+ calls failed, [\d.]+ % where 50 % is the bound, seen by /],
      ['status 500', /calls failed/],
      ['other content', /answers differed/],
    ]
    for (const [fault, reason] of faults) {
      it(`where the new server is at fault: ${fault}`, async function () {
        this.timeout(120_000)
        const name = 'web.passport.getUserVerifyInfo'
        expect((await cli.run(`move switch ${name} --shared-database`)).code).to.equal(0)
        while ((await sides()).includes('old')) await sleep(50)
        const load = startMixedLoad({
          urls: proxies.urls,
          old,
          newCode: () => Promise.reject(new Error('no code is sent')),
          callsPerSecond,
          pairEvery: Number.POSITIVE_INFINITY,
        })
        await sleep(300)
        const began = performance.now()
        await candidate.be(fault)
        let share = 100
        while (share > 0 && performance.now() - began < mostMilliseconds) {
          share = (await routeNow()).share
          await sleep(50)
        }
        // The other proxy hears of it.
        await sleep(400)
        const took = performance.now() - began
        expect(await sides()).to.deep.equal(['old', 'old'])
        await load.stop()
        await candidate.be('none')
        if (isLong) console.log(`      back after ${Math.round(took)} ms`)
        expect(took).to.be.below(mostMilliseconds)
        expect((await routeNow()).reason).to.match(reason)
        // A read that failed was asked again at the old server.
        expect(load.figures.failed).to.deep.equal([])
        expect(load.figures.calls).to.be.above(20)
      })
    }

    it('and the audit says so', async () => {
      expect((await cli.run('audit --limit 50')).stdout).to.match(/cli move proxy .*calls failed/)
    })
  },
)
