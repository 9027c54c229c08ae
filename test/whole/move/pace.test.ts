import { expect } from 'chai'
import { join } from 'node:path'
import { requireProgram } from '../../servers/available.js'
import { type OldGateway, startOldGateway } from '../../servers/old-gateway/old-gateway.js'
import { freePort, type RunningProcess, startProcess } from '../../servers/processes/process.js'
import { moduleArguments, siblingModule } from '../../servers/processes/this-build.js'
import { useFolder } from '../../suite.js'
import { measurePace } from './measure-pace.js'

const isLong = process.env['TEST_LONG'] === '1'
/** Calls a second, and for how many seconds a round lasts. */
const pace = isLong ? 500 : 100
const seconds = isLong ? 10 : 1
const rounds = isLong ? 15 : 1
/** Milliseconds that the 99th of a hundred answers may take longer; where others use the machine, anything may happen. */
const mostAdded = isLong ? 2 : 200

describe(`The proxy at ${pace} calls a second, recording`, function () {
  this.timeout(600_000)
  const folder = useFolder('pace')
  let old: OldGateway
  let proxy: RunningProcess
  let proxyUrl = ''
  before(async function () {
    old = await startOldGateway(requireProgram(this, 'php'))
    const port = await freePort()
    proxyUrl = `http://127.0.0.1:${port}`
    const main = siblingModule(import.meta.url, '../../../gateway/cli/main')
    const options = ['--upstream', old.url, '--listen', String(port), '--out', join(folder.path, 'record')]
    proxy = await startProcess(
      {
        command: process.execPath,
        args: [...moduleArguments(import.meta.url), main, 'move', 'record', ...options],
      },
      (output) => output.includes('records into'),
    )
  })
  after(async () => {
    await proxy?.stop()
    await old?.stop()
  })

  it(`adds at most ${mostAdded} ms to the 99th of a hundred answers`, async () => {
    const added: number[] = []
    // All three processes run their first calls before their code is compiled.
    await measurePace(old.url, { pace, seconds })
    await measurePace(proxyUrl, { pace, seconds })
    for (let round = 0; round < rounds; round++) {
      const direct = await measurePace(old.url, { pace, seconds })
      const through = await measurePace(proxyUrl, { pace, seconds })
      added.push(through - direct)
    }
    const middle = added.toSorted((one, other) => one - other)[Math.floor(rounds / 2)] ?? 0
    if (isLong) console.log(`      added: ${added.map((one) => one.toFixed(2)).join(', ')} ms`)
    expect(middle).to.be.below(mostAdded)
  })
})
