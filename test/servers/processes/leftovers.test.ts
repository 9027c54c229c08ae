import { expect } from 'chai'
import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { moduleArguments, siblingModule } from './this-build.js'

describe('what a test run leaves behind', function () {
  this.timeout(30_000)

  type Started = { readonly folder: string; readonly pids: readonly number[] }

  async function startFixture(...args: string[]): Promise<[ChildProcess, Started]> {
    const child = fork(siblingModule(import.meta.url, 'fixtures/wait-to-be-ended'), args, {
      execArgv: moduleArguments(import.meta.url),
      stdio: ['ignore', 'pipe', 'ignore', 'ipc'],
    })
    const [line]: unknown[] = await once(child.stdout ?? expect.fail('no output'), 'data')
    const started: Started = JSON.parse(String(line))
    return [child, started]
  }

  async function expectNothingLeft({ folder, pids }: Started): Promise<void> {
    const isLeft = (): boolean => existsSync(folder) || pids.some(isRunning)
    for (const giveUpAt = Date.now() + 5_000; isLeft() && Date.now() < giveUpAt; ) await sleep(20)
    expect(existsSync(folder), 'the folder').to.equal(false)
    expect(pids.filter(isRunning), 'the processes').to.deep.equal([])
  }

  for (const signal of ['SIGINT', 'SIGTERM', 'SIGKILL'] as const) {
    it(`is nothing after ${signal}`, async () => {
      const [child, started] = await startFixture()
      expect(started.pids.every(isRunning)).to.equal(true)
      child.kill(signal)
      await expectNothingLeft(started)
    })
  }

  it('is nothing after a crash', async () => {
    const [, started] = await startFixture('crash')
    await expectNothingLeft(started)
  })

  it('is nothing after an exit without stopping anything, at once', async () => {
    const [child, started] = await startFixture()
    child.send('exit')
    await once(child, 'exit')
    expect(existsSync(started.folder)).to.equal(false)
    await expectNothingLeft(started)
  })
})

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return !isZombie(pid)
  } catch {
    return false
  }
}

/** In a container nobody may ask for the exit code of an orphan, which then stays listed though it ended. */
function isZombie(pid: number): boolean {
  const file = `/proc/${pid}/stat`
  return existsSync(file) && / Z \d+ /.test(readFileSync(file, 'utf8'))
}
