import { expect } from 'chai'
import { setTimeout as sleep } from 'node:timers/promises'
import { keys, useCommandLine } from '../../../gateway/cli/command-line.js'
import { requireProgram } from '../../../servers/available.js'
import { type OldGateway, startOldGateway } from '../../../servers/old-gateway/old-gateway.js'
import { withGateway } from '../../../suite.js'
import { addOldUsers } from '../adopted-users.js'
import { ask, signed, startMixedLoad } from './mixed-load.js'
import { type MoveProxies, startMoveProxies } from './move-proxies.js'

const isLong = process.env['TEST_LONG'] === '1'
const callsPerSecond = isLong ? 500 : 40
const rounds = isLong ? 20 : 2
/** Milliseconds until all proxies follow; where others use the machine, anything may happen. */
const mostMilliseconds = isLong ? 2000 : 20_000

const env = {
  ...keys,
  LIMIT_IP_SCALE: '10000',
  CODE_PER_DAY: '1000000',
  CODE_PER_NETWORK_HOUR: '1000000',
  SMS_CONVERSION_LEAST: '0',
}

withGateway(
  `${rounds} switches and backs under ${callsPerSecond} calls a second`,
  env,
  (gateway, database) => {
    const cli = useCommandLine(database)
    let old: OldGateway
    let proxies: MoveProxies
    before(async function () {
      this.timeout(120_000)
      old = await startOldGateway(requireProgram(this, 'php'))
      for (const [name, secret] of Object.entries(old.apps)) await gateway.addApp({ name, secret })
      await addOldUsers(gateway, old)
      // Nobody is sent back here by an answer that was late.
      const options = ['--back-at', '90%']
      proxies = await startMoveProxies({ database, old: old.url, candidate: gateway.url, options })
    })
    after(async () => {
      await proxies?.stop()
      await old?.stop()
    })

    /** Milliseconds until every proxy's calls are answered by one side. */
    const untilAnsweredBy = async (side: 'old' | 'new'): Promise<number> => {
      const began = performance.now()
      const call = signed(old, 'web.passport.getUserVerifyInfo', { uid: String(old.users[0]?.uid) })
      for (;;) {
        const answers = await Promise.all(proxies.urls.map((url) => ask(url, call)))
        if (answers.every((answer) => answer.side === side)) return performance.now() - began
        if (performance.now() - began > 20_000) throw new Error(`not answered by the ${side} server`)
        await sleep(20)
      }
    }

    it('lose no call, check no code at the other server, and are followed by all proxies', async function () {
      this.timeout(600_000)
      const load = startMixedLoad({
        urls: proxies.urls,
        old,
        newCode: (mobile) => gateway.lastCode(mobile),
        callsPerSecond,
        pairEvery: isLong ? 50 : 8,
      })
      const times: number[] = []
      const switchAndBack = async () => {
        const switched = await cli.run('move switch web.passport.* --shared-database')
        expect(switched.code, switched.stderr).to.equal(0)
        times.push(await untilAnsweredBy('new'))
        await sleep(isLong ? 1000 : 300)
        expect((await cli.run('move back web.passport.*')).code).to.equal(0)
        times.push(await untilAnsweredBy('old'))
        await sleep(isLong ? 1000 : 300)
      }
      try {
        for (let round = 0; round < rounds; round++) await switchAndBack()
      } finally {
        // What goes on calling would fail what comes after it.
        await load.stop()
      }
      const { calls, pairs, failed, wrongSided } = load.figures
      const latest = Math.max(...times)
      if (isLong)
        console.log(
          `      ${calls} calls, ${pairs} pairs, ${failed.length} failed, ${wrongSided.length} wrong-sided; followed within ${Math.round(latest)} ms`,
        )
      expect(failed.slice(0, 5)).to.deep.equal([])
      expect(wrongSided).to.deep.equal([])
      expect(pairs).to.be.above(rounds * 2)
      expect(latest).to.be.below(mostMilliseconds)
    })

    it('are shown with what both servers did, on a page too', async () => {
      await sleep(1500)
      const state = JSON.parse((await cli.run('move status --json')).stdout)
      expect(state.proxies).to.have.length(2)
      const route = state.routes.find(
        ({ method }: { method: string }) => method === 'web.passport.getUserVerifyInfo',
      )
      expect(route).to.include({ share: 0, by: 'ip', reason: 'by hand' })
      expect(route.old.calls).to.be.above(0)
      expect(route.new.calls).to.be.above(0)
      // A call that a busy machine has kept waiting was answered by the old server.
      expect(route.new.errors).to.be.below(route.new.calls)
      const page = await (await fetch(proxies.stateUrl)).text()
      expect(page).to.contain('web.passport.getUserVerifyInfo').and.not.to.contain('<script')
      expect((await cli.run('move status')).stdout).to.match(/^METHOD .*\napp|web\.passport\.changeEmail/m)
    })
  },
)
