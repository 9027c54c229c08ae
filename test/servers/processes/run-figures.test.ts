import { expect } from 'chai'
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { createRequire } from 'node:module'
import { text } from 'node:stream/consumers'
import { moduleArguments, siblingModule } from './this-build.js'

describe('the last line of a run', function () {
  this.timeout(30_000)

  async function runMocha(outcome: string): Promise<{ lastLine: string | undefined; code: number | null }> {
    const mocha = createRequire(import.meta.url).resolve('mocha/bin/mocha.js')
    const setup = siblingModule(import.meta.url, '../../setup')
    const fixture = siblingModule(import.meta.url, 'fixtures/figures')
    const child = fork(mocha, ['--no-config', '--exit', '--require', setup, fixture], {
      execArgv: moduleArguments(import.meta.url),
      env: { ...process.env, FIXTURE_OUTCOME: outcome },
      stdio: ['ignore', 'pipe', 'ignore', 'ipc'],
    })
    const ended = once(child, 'exit')
    const output = await text(child.stdout ?? expect.fail('no output'))
    await ended
    return { lastLine: output.trimEnd().split('\n').at(-1), code: child.exitCode }
  }

  it('has the figures, also of a failing hook and of a failure after the last test', async () => {
    expect(await runMocha('success')).to.deep.equal({ lastLine: '1 passed, 0 failed, 1 skipped', code: 0 })
    expect(await runMocha('failures')).to.deep.equal({ lastLine: '1 passed, 2 failed, 1 skipped', code: 2 })
    expect(await runMocha('failing end')).to.deep.equal({
      lastLine: '1 passed, 1 failed, 1 skipped',
      code: 1,
    })
  })
})
