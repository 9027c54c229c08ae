import { expect } from 'chai'
import { setTimeout as sleep } from 'node:timers/promises'
import { keys, runCommand } from '../../../gateway/cli/command-line.js'
import { type SidedServer, startSidedServer } from '../../../gateway/move/switch/sided-server.js'
import { requireProgram } from '../../../servers/available.js'
import { type Mariadb, startMariadb } from '../../../servers/mariadb.js'
import { type MoveProxies, startMoveProxies } from './move-proxies.js'

const isLong = process.env['TEST_LONG'] === '1'
const read = 'web.passport.getUserVerifyInfo'

describe('move proxy, whose database is away', function () {
  this.timeout(120_000)
  let mariadb: Mariadb
  let url: string
  let old: SidedServer
  let candidate: SidedServer
  let proxies: MoveProxies
  before(async function () {
    requireProgram(this, 'mariadbd')
    mariadb = await startMariadb()
    url = await mariadb.createDatabase()
    await run('migrate')
    old = await startSidedServer('old')
    candidate = await startSidedServer('new')
    proxies = await start(1)
    for (const methods of [read, 'web.passport.sendcode'])
      await run(`move switch ${methods} --with-pairs --shared-database --shared-sessions`)
    await untilAnsweredBy('new')
  })
  after(async () => {
    await proxies?.stop()
    await Promise.all([old?.close(), candidate?.close()])
    await mariadb?.stop()
  })

  const run = async (command: string) => {
    const { code, stderr } = await runCommand(command.split(' '), { env: { ...keys, DATABASE_URL: url } })
    expect(code, stderr).to.equal(0)
  }
  const start = (count: number) =>
    startMoveProxies({ database: { url }, old: old.url.origin, candidate: candidate.url.origin, count })
  const ask = async (method: string, query = '', by = proxies) => {
    const answer = await fetch(`${by.urls[0]}/gateway?method=${method}&${query}`)
    return `${answer.status} ${answer.headers.get('x-side')}`
  }
  async function untilAnsweredBy(side: string, by = proxies): Promise<void> {
    for (const giveUpAt = Date.now() + 20_000; (await ask(read, '', by)) !== `200 ${side}`; await sleep(50))
      if (Date.now() > giveUpAt) throw new Error(`not answered by the ${side} server`)
  }
  const said = (text: string) => (proxies.outputs()[0] ?? '').split(text).length - 1
  const untilSaid = async (text: string, times: number) => {
    for (const giveUpAt = Date.now() + 20_000; said(text) < times; await sleep(50))
      if (Date.now() > giveUpAt) throw new Error(`it did not say "${text}": ${proxies.outputs()[0]}`)
  }
  const away = "the routes can't be read, and the last ones are followed"
  const back = 'the routes are read again'

  // The ordinary run has the worse one: nothing says that it is away.
  const states: readonly (readonly [string, () => unknown, () => unknown])[] = [
    ['stands still', () => mariadb.pause(), () => mariadb.resume()],
    ['is killed', () => mariadb.kill(), () => mariadb.restart()],
  ]
  for (const [at, [title, begin, end]] of states.slice(0, isLong ? 2 : 1).entries())
    it(`follows the last routes, refuses nobody and says so once: it ${title}`, async () => {
      const [, mobile] = [await begin(), `1391234567${at}`]
      const began = Date.now()
      const sides = new Set<string>()
      // Longer than until it is said.
      while (Date.now() - began < 3000) sides.add(await ask(read))
      expect([...sides]).to.deep.equal(['200 new'])
      await untilSaid(away, at + 1)
      // Where codes are sent is noted in memory then, and no call waits long for it.
      const pair = Date.now()
      expect(await ask('web.passport.sendcode', `mobile=${mobile}`)).to.equal('200 new')
      expect(await ask('web.passport.checkcode', `mobile=${mobile}&code=1`)).to.equal('200 new')
      expect(Date.now() - pair).to.be.below(10_000)
      expect(said('could not be noted for the other proxies')).to.be.at.least(1)
      expect(said(away)).to.equal(at + 1)
      await end()
      await untilSaid(back, at + 1)
      expect(await ask(read)).to.equal('200 new')
    })

  it('sends everything to the old server where it starts then, until routes can be read', async () => {
    await mariadb.kill()
    const late = await start(1)
    expect(await ask(read, '', late)).to.equal('200 old')
    await mariadb.restart()
    await untilAnsweredBy('new', late)
    await late.stop()
  })

  it('hears of a way back that is made when it is there again', async () => {
    await run(`move back ${read}`)
    await untilAnsweredBy('old')
  })
})
