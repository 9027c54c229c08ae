import { expect } from 'chai'
import { execFile, fork } from 'node:child_process'
import { once } from 'node:events'
import { createRequire } from 'node:module'
import { text } from 'node:stream/consumers'
import { promisify } from 'node:util'
import { moduleArguments, siblingModule } from './this-build.js'

describe('the last line of a run', function () {
  this.timeout(60_000)

  async function runMocha(
    outcome: string,
    ...options: readonly string[]
  ): Promise<{ lastLine: string | undefined; code: number | null }> {
    const mocha = createRequire(import.meta.url).resolve('mocha/bin/mocha.js')
    const setup = siblingModule(import.meta.url, '../../setup')
    const fixture = siblingModule(import.meta.url, 'fixtures/figures')
    const child = fork(mocha, ['--no-config', '--exit', '--require', setup, ...options, fixture], {
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
    for (const way of [[], ['--parallel']]) {
      expect(await runMocha('success', ...way)).to.deep.equal({
        lastLine: '1 passed, 0 failed, 1 skipped',
        code: 0,
      })
      expect(await runMocha('failures', ...way)).to.deep.equal({
        lastLine: '1 passed, 2 failed, 1 skipped',
        code: 2,
      })
    }
    expect(await runMocha('failing end')).to.deep.equal({
      lastLine: '1 passed, 1 failed, 1 skipped',
      code: 1,
    })
  })

  it('is of the tests named by a source and by --grep, when they are named', async () => {
    const runner = siblingModule(import.meta.url, '../../run')
    const source = 'test/servers/processes/fixtures/figures.ts'
    const args = ['--grep', 'passes', source, '--reporter', 'dot']
    const run = promisify(execFile)(process.execPath, [...moduleArguments(import.meta.url), runner, ...args])
    expect((await run).stdout.trimEnd().split('\n').at(-1)).to.equal('1 passed, 0 failed, 0 skipped')
  })
})
