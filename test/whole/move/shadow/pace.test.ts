import { expect } from 'chai'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { requireProgram } from '../../../servers/available.js'
import { type OldGateway, startOldGateway } from '../../../servers/old-gateway/old-gateway.js'
import {
  connectBeside,
  type GatewayProcess,
  startGatewayProcess,
} from '../../../servers/processes/gateway-process.js'
import { freePort, type RunningProcess, startProcess } from '../../../servers/processes/process.js'
import { moduleArguments, siblingModule } from '../../../servers/processes/this-build.js'
import { useFolder } from '../../../suite.js'
import { addOldUsers } from '../adopted-users.js'
import { measurePace } from '../measure-pace.js'

const isLong = process.env['TEST_LONG'] === '1'
/** Calls a second, and for how many seconds a round lasts. */
const pace = isLong ? 100 : 50
const seconds = isLong ? 10 : 1
const rounds = isLong ? 5 : 1

describe(`The command move shadow at ${pace} calls a second`, function () {
  this.timeout(600_000)
  const folder = useFolder('pace-shadow')
  let old: OldGateway
  let candidate: GatewayProcess
  const running: RunningProcess[] = []
  before(async function () {
    old = await startOldGateway(requireProgram(this, 'php'))
    const database = { url: `sqlite:${join(folder.path, 'copy.db')}` }
    const beside = await connectBeside(database)
    for (const [name, secret] of Object.entries(old.apps)) await beside.addApp({ name, secret })
    await addOldUsers(beside, old)
    await beside.close()
    candidate = await startGatewayProcess(database, { OUTSIDE: 'captured', LIMIT_IP_SCALE: '10000' })
  })
  after(async () => {
    for (const each of running) await each.kill()
    await candidate?.kill()
    await old?.stop()
  })

  async function startCommand(options: readonly string[]): Promise<string> {
    const port = await freePort()
    const main = siblingModule(import.meta.url, '../../../../gateway/cli/main')
    const servers = ['--upstream', old.url, '--candidate', candidate.url, '--listen', String(port)]
    const started = await startProcess(
      {
        command: process.execPath,
        args: [...moduleArguments(import.meta.url), main, 'move', 'shadow', ...servers, ...options],
      },
      (output) => output.includes('asks'),
    )
    running.push(started)
    return `http://127.0.0.1:${port}`
  }

  it('takes no time of the calls that pass, and writes a report again and again', async () => {
    const [json, html] = [join(folder.path, 'report.json'), join(folder.path, 'report.html')]
    const plain = await startCommand(['--sample', '0'])
    const copying = await startCommand(['--json', json, '--html', html, '--every', '0.5'])
    await measurePace(old.url, { pace, seconds: 1 })
    const figures: { plain: number; copying: number }[] = []
    for (let round = 0; round < rounds; round++)
      figures.push({
        plain: await measurePace(plain, { pace, seconds }),
        copying: await measurePace(copying, { pace, seconds }),
      })
    const ratios = figures.map(({ plain: without, copying: beside }) => beside / without)
    if (isLong)
      console.log(
        `      p99 plain/copying: ${figures.map((f) => `${f.plain.toFixed(2)}/${f.copying.toFixed(2)} ms`).join(', ')}; ratios ${ratios.map((one) => one.toFixed(3)).join(', ')}`,
      )
    // Where others use the machine anything may happen; the long run prints what did.
    const middle = ratios.toSorted((one, other) => one - other)[Math.floor(rounds / 2)] ?? 0
    expect(middle).to.be.below(20)
    for (let tries = 0; tries < 100 && !existsSync(html); tries++)
      await new Promise((resolve) => setTimeout(resolve, 100))
    expect(JSON.parse(readFileSync(json, 'utf8'))).to.include({ missed: 0, restarts: 0, obstacle: null })
    const [, last] = running
    await last?.stop()
    const report: unknown = JSON.parse(readFileSync(json, 'utf8'))
    expect(report).to.include({
      seen: pace * seconds * rounds,
      compared: pace * seconds * rounds,
      waiting: 0,
    })
    expect(readFileSync(html, 'utf8')).to.contain('calls passed since')
    const shown = last?.output() ?? ''
    expect(shown).to.contain('calls compared:')
    // For each method both sides' latencies, which are what clients would have got.
    expect(shown).to.match(/^method +calls .* recorded p50 \/ p99 ms +now p50 \/ p99 ms$/im)
    expect(shown).to.match(/^web\.passport\.\w+ +\d+ .* +[\d.]+ \/ [\d.]+ +[\d.]+ \/ [\d.]+$/m)
  })
})
