import { expect } from 'chai'
import { execFileSync } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { freePort, type RunningProcess, startProcess } from '../../servers/processes/process.js'
import { moduleArguments, siblingModule } from '../../servers/processes/this-build.js'
import { useFolder } from '../../suite.js'
import { measurePace } from './measure-pace.js'

const isLong = process.env['TEST_LONG'] === '1'
/** Calls a second, and for how many seconds a round lasts. */
const pace = isLong ? 500 : 100
const seconds = isLong ? 10 : 1
const rounds = isLong ? 5 : 1
/** Milliseconds that the 99th of a hundred answers may take longer; where others use the machine, anything may happen. */
const mostAdded = isLong ? 2 : 200

describe(`The proxy at ${pace} calls a second, recording`, function () {
  this.timeout(300_000)
  const folder = useFolder('pace')
  // PHP's own server takes now a millisecond and now thirty: what the proxy adds can't be seen beside that.
  const old = createServer((_, answer) =>
    answer.end('{"code":200,"data":{"uid":7300000},"message":"操作成功"}'),
  )
  let oldUrl = ''
  let proxy: RunningProcess
  let proxyUrl = ''
  before(async () => {
    // What is asked is the proxy's own time, not that for which it waits while others have both cores.
    if (isLong) pin(process.pid, '0')
    await once(old.listen(0, '127.0.0.1'), 'listening')
    oldUrl = `http://127.0.0.1:${(old.address() as AddressInfo).port}`
    const port = await freePort()
    proxyUrl = `http://127.0.0.1:${port}`
    const main = siblingModule(import.meta.url, '../../../gateway/cli/main')
    const options = ['--upstream', oldUrl, '--listen', String(port), '--out', join(folder.path, 'record')]
    proxy = await startProcess(
      {
        command: process.execPath,
        args: [...moduleArguments(import.meta.url), main, 'move', 'record', ...options],
        // As docs/move.md says.
        env: { ...process.env, NODE_OPTIONS: '--max-semi-space-size=2' },
      },
      (output) => output.includes('records into'),
    )
    if (isLong) pin(proxy.pid, '1')
  })
  after(async () => {
    if (isLong) pin(process.pid, '0,1')
    await proxy?.stop()
    old.close()
  })

  it(`adds at most ${mostAdded} ms to the 99th of a hundred answers`, async () => {
    const figures: { direct: number; through: number }[] = []
    // Both have compiled what a call runs through.
    for (const url of [oldUrl, proxyUrl]) await measurePace(url, { pace, seconds })
    for (let round = 0; round < rounds; round++) {
      const direct = await measurePace(oldUrl, { pace, seconds })
      figures.push({ direct, through: await measurePace(proxyUrl, { pace, seconds }) })
    }
    const added = figures.map(({ direct, through }) => through - direct)
    const middle = added.toSorted((one, other) => one - other)[Math.floor(rounds / 2)] ?? 0
    const shown = figures.map(({ direct, through }) => `${direct.toFixed(2)}/${through.toFixed(2)}`)
    if (isLong) console.log(`      p99 direct/through: ${shown.join(', ')} ms`)
    expect(middle).to.be.below(mostAdded)
  })
})

/** Keeps a process and those that it starts from then on to some of the machine's cores. */
function pin(pid: number, cores: string): void {
  execFileSync('taskset', ['-apc', cores, String(pid)])
}
