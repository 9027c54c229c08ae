import { expect } from 'chai'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { createServer, request, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { freePort } from '../../../servers/processes/process.js'
import { moduleArguments, siblingModule } from '../../../servers/processes/this-build.js'
import { prepared, useFolder, withGateway } from '../../../suite.js'
import { refusal, refusalOf, runCommand } from '../command-line.js'

async function startAnswering(listener: RequestListener) {
  const server = createServer(listener)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const close = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve())
      server.closeAllConnections()
    })
  return { url, close }
}

withGateway('move check', (gateway) => {
  const folder = useFolder('check')
  const run = (...options: string[]) =>
    runCommand(['move', 'check', gateway.url, '--app', 'web', '--secret', '-', ...options], {
      input: `${gateway.web.secret}\n`,
    })

  it('ends with 0 where all passes, and writes its report as JSON and as a page', async () => {
    const [json, html] = [join(folder.path, 'check.json'), join(folder.path, 'check.html')]
    const { code, stdout, stderr } = await run(
      '--methods',
      'web.passport.*',
      '--min-score',
      '100',
      '--json',
      json,
      '--html',
      html,
    )
    expect(stderr).to.equal('')
    expect(code).to.equal(0)
    expect(stdout).to.match(/(\d+) of \1 checks passed \(100 %\)/)
    expect(stdout).to.contain('not checked, it writes: --writes: ')
    expect(stdout).to.contain('not checked, answers of a user: --users FILE: ')
    const report = JSON.parse(readFileSync(json, 'utf8')) as { score: number; writes: boolean }
    expect(report).to.include({ score: 100, writes: false })
    expect(readFileSync(html, 'utf8'))
      .to.contain('<h1>What the wire wants</h1>')
      .and.contain('web.passport.getUserHabits')
  })

  it('ends with 1 below the wished score, and says what was sent, wanted and came', async () => {
    const { code, stdout } = await runCommand([
      'move',
      'check',
      gateway.url,
      '--app',
      'web',
      '--secret',
      'wrong',
      '--methods',
      'web.*',
      '--min-score',
      '90',
    ])
    expect(code).to.equal(1)
    expect(stdout).to.contain('rule passport.md §')
    expect(stdout).to.contain('code at $.code: wanted 421, came 500')
    expect(stdout).to.contain('client_secret=(hidden)')
  })

  it('writes only when told, and asks before', async () => {
    const { code, line } = refusal(
      await runCommand(['move', 'check', gateway.url, '--app', 'web', '--secret', 'x', '--writes']).then(
        ({ stderr, ...answer }) => ({ ...answer, stderr: stderr.split('\n').slice(1).join('\n') }),
      ),
    )
    expect(code).to.equal(2)
    expect(line).to.equal('error: --writes: say --yes, as nobody can be asked')
  })
})

withGateway('move check, of a gateway below a path', (gateway) => {
  const arrivals: number[] = []
  const below = prepared(
    before,
    () =>
      startAnswering((call, answer) => {
        arrivals.push(performance.now())
        if (!call.url?.startsWith('/passport/')) {
          answer.setHeader('Content-Type', 'text/html').end('<h1>The shop</h1>')
          return
        }
        const { method = 'GET', headers } = call
        const url = `${gateway.url}${call.url.slice('/passport'.length)}`
        const passed = request(url, { method, headers }, (response) => {
          answer.writeHead(response.statusCode ?? 502, response.rawHeaders)
          response.pipe(answer)
        })
        call.pipe(passed)
      }),
    ({ close }) => close(),
  )
  const run = (...options: string[]) => {
    const words = ['move', 'check', below.url, '--app', 'web', '--secret', '-', ...options]
    return runCommand([...words, '--methods', 'web.passport.getUserVerifyInfo'], {
      input: `${gateway.web.secret}\n`,
    })
  }

  it('asks there with --base, and says that it may be missing', async () => {
    expect(refusal(await run()).line).to.contain('is --base right?')
    const { code, stdout, stderr } = await run('--base', '/passport', '--min-score', '100')
    expect(code, stdout + stderr).to.equal(0)
    expect(stdout).to.match(/([1-9]\d*) of \1 checks passed \(100 %\)/)
  })

  it('makes no more calls in a second than --pace says', async () => {
    arrivals.length = 0
    const pace = 20
    const { code } = await run('--base', '/passport', '--pace', String(pace))
    expect(code).to.equal(0)
    expect(arrivals.length).to.be.above(10)
    const seconds = ((arrivals.at(-1) ?? 0) - (arrivals[0] ?? 0)) / 1000
    // The first came at once; a call that was late on its way leaves less room to the next.
    expect((arrivals.length - 2) / seconds).to.be.below(pace)
  })
})

describe('move check --writes, on a terminal', () => {
  /** What is shown when this is typed at the question. */
  const typed = async (host: string, answer: string): Promise<{ code: number | null; shown: string }> => {
    const main = siblingModule(import.meta.url, '../../../../gateway/cli/main')
    const words = [process.execPath, ...moduleArguments(import.meta.url), main, 'move', 'check']
    const options = [`http://${host}`, '--app', 'web', '--secret', 'x', '--writes']
    const command = [...words, ...options].map((word) => `'${word}'`).join(' ')
    const terminal = spawn('script', ['-qec', command, '/dev/null'], { timeout: 60_000 })
    let shown = ''
    terminal.stdout.setEncoding('utf8').on('data', (text: string) => {
      const isAsked = shown.includes('to go on: ')
      shown += text
      if (!isAsked && shown.includes('to go on: ')) terminal.stdin.write(`${answer}\n`)
    })
    const [code]: (number | null)[] = await once(terminal, 'close')
    return { code: code ?? null, shown }
  }

  it('says what it changes, and goes on when the name of the server is typed', async () => {
    const host = `127.0.0.1:${await freePort()}`
    const other = await typed(host, 'yes')
    expect(other.code).to.equal(1)
    expect(other.shown)
      .to.contain(`--writes changes things at ${host}.`)
      .and.contain('that was another name, and nothing was asked')
    const right = await typed(host, host)
    expect(right.code).to.equal(1)
    expect(right.shown).to.contain('nothing listens there').and.not.contain('another name')
  })
})

describe('move check, of what is no gateway', () => {
  const page = prepared(
    before,
    () =>
      startAnswering((_, answer) => answer.setHeader('Content-Type', 'text/html').end('<h1>It works</h1>')),
    ({ close }) => close(),
  )
  const moved = prepared(
    before,
    () => startAnswering((_, answer) => answer.writeHead(301, { Location: 'https://shop.example/' }).end()),
    ({ close }) => close(),
  )
  const ask = async (url: string, ...options: string[]) =>
    refusal(await runCommand(['move', 'check', url, '--app', 'web', '--secret', 'x', ...options]))

  it('says that a page came, or that it is elsewhere', async () => {
    expect((await ask(page.url)).line).to.match(
      /answers 200 with a page \(text\/html\), so it is no gateway: is --base right\?$/,
    )
    expect((await ask(moved.url)).line).to.contain('redirects to https://shop.example/')
  })

  it('says that nothing listens, or that no TLS is spoken', async () => {
    const answer = await ask(`http://127.0.0.1:${await freePort()}`)
    expect(answer).to.include({ code: 1 })
    expect(answer.line).to.match(/can not be asked: nothing listens there$/)
    expect((await ask(page.url.replace('http:', 'https:'))).line).to.match(
      /no TLS is spoken there: is it http\?$/,
    )
  })

  it('refuses a wrong command line with 2', async () => {
    const base = ['move', 'check', 'http://127.0.0.1:1', '--app', 'web']
    expect(await refusalOf(base)).to.deep.include({ code: 2 })
    expect(await refusalOf([...base, '--secret', 'x', '--zone', 'Nowhere'])).to.deep.include({ code: 2 })
    expect(await refusalOf([...base, '--secret', 'x', '--min-score', '101'])).to.deep.include({ code: 2 })
    expect(await refusalOf([...base, '--secret', ''])).to.deep.include({ code: 1 })
  })
})
