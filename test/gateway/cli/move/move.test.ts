import { expect } from 'chai'
import { readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { signLegacy } from '../../../../gateway/wire/signature.js'
import { freePort, type RunningProcess, startProcess } from '../../../servers/processes/process.js'
import { moduleArguments, siblingModule } from '../../../servers/processes/this-build.js'
import { prepared, useFolder } from '../../../suite.js'
import { refusal, refusalOf, runCli, runCommand } from '../command-line.js'

const secret = '0123456789abcdef0123456789abcdef'

/** A server whose users are numbers; it wants the signature of one application. `data` is the answer's. */
async function startSmallServer() {
  const state = {
    data: (uid: string): unknown => ({ uid: Number(uid), name: '王小明' }),
    queries: [] as string[],
  }
  const server = createServer((call, answer) => {
    const url = new URL(call.url ?? '/', 'http://old')
    const params = Object.fromEntries(url.searchParams)
    state.queries.push(url.search)
    answer.setHeader('Content-Type', 'application/json;charset=UTF-8')
    const isSigned = params['client_secret'] === signLegacy(params, secret)
    const right = { code: 200, data: state.data(params['uid'] ?? ''), message: '操作成功' }
    answer.end(JSON.stringify(isSigned ? right : { code: 500, message: '数据验证错误.' }))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const close = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve())
      server.closeAllConnections()
    })
  return { url, state, close }
}

function signedQuery(uid: number): string {
  const params = {
    method: 'web.passport.getUserVerifyInfo',
    client_type: 'h5',
    uid: String(uid),
    password: 'Hush-12345',
  }
  return new URLSearchParams({ ...params, client_secret: signLegacy(params, secret) }).toString()
}

describe('move record and move replay', () => {
  const folder = useFolder('move')
  const old = prepared(before, startSmallServer, ({ close }) => close())
  const record = () => join(folder.path, 'record')

  async function startRecord(options: readonly string[]): Promise<{ running: RunningProcess; url: string }> {
    const port = await freePort()
    const main = siblingModule(import.meta.url, '../../../../gateway/cli/main')
    const command = ['move', 'record', '--upstream', old.url, '--listen', String(port), ...options]
    const running = await startProcess(
      { command: process.execPath, args: [...moduleArguments(import.meta.url), main, ...command] },
      (output) => output.includes('records into'),
    )
    return { running, url: `http://127.0.0.1:${port}` }
  }

  const call = async (url: string, uid: number) => (await fetch(`${url}/gateway?${signedQuery(uid)}`)).text()
  const replay = (...options: string[]) =>
    runCommand(['move', 'replay', record(), '--against', old.url, '--app-secret', `h5=${secret}`, ...options])
  const values = () => folder.write('values.txt', '7300000\n7300001\n\nHush-12345\r\n')

  it('record what passes, for the eyes of its owner, and say how much that was', async () => {
    const { running, url } = await startRecord(['--out', record(), '--methods', 'web.passport.*'])
    for (const uid of [7_300_000, 7_300_001, 7_300_000])
      expect(await call(url, uid)).to.contain(`"uid":${uid}`)
    await fetch(`${url}/gateway?method=other.method`)
    const { code } = await running.stop()
    expect(code).to.equal(0)
    expect(running.output()).to.match(
      /passes .* on to .*, and records into .*; the key is .*\.key\n3 calls recorded, 0 left out/,
    )
    const [file = ''] = readdirSync(record())
    const text = readFileSync(join(record(), file), 'utf8')
    expect(text.trimEnd().split('\n')).to.have.length(4)
    for (const value of ['7300000', 'Hush', '王小明', secret]) expect(text).not.to.contain(value)
    expect(statSync(`${record()}.key`).mode & 0o777).to.equal(0o600)
  })

  it('make the calls again with their values, and end with 0 where all is equal', async () => {
    old.state.queries.length = 0
    const answer = await replay('--values', values(), '--min-score', '100')
    expect(answer.stderr).to.equal('')
    expect(answer.code).to.equal(0)
    expect(answer.stdout).to.contain(
      '3 calls compared: 3 equal (100 %), 0 differ, 0 without an answer, 0 not made',
    )
    expect(old.state.queries.toSorted()).to.deep.equal(
      [7_300_000, 7_300_000, 7_300_001].map((uid) => `?${signedQuery(uid)}`),
    )
  })

  it('end with 1 below the least score, and tell what differs on terminal, as JSON and as a page', async () => {
    old.state.data = (uid) => ({ uid, name: '<b>王小明' })
    const [json, html] = [join(folder.path, 'report.json'), join(folder.path, 'report.html')]
    const answer = await replay('--values', values(), '--min-score', '99.9', '--json', json, '--html', html)
    old.state.data = (uid) => ({ uid: Number(uid), name: '王小明' })
    expect(answer.code).to.equal(1)
    expect(answer.stdout)
      .to.match(/web\.passport\.getUserVerifyInfo: string-number in 3, as at \$\.data\.uid: \d{7} → "\d{7}"/)
      .and.contain('0 equal (0 %), 3 differ')
    const report = JSON.parse(readFileSync(json, 'utf8'))
    expect(report).to.include({ compared: 3, equal: 0, differing: 3, score: 0, against: old.url })
    expect(report.methods[0].kinds[0]).to.include({ kind: 'string-number', calls: 3 })
    const page = readFileSync(html, 'utf8')
    expect(page).to.contain("default-src 'none'").and.contain('string-number').and.contain('&lt;')
    expect(page).not.to.match(/<script|https?:\/\/(?!127\.0\.0\.1)|src=|href=|<b>/)
    for (const value of ['7300000', '王小明']) expect(page + answer.stdout).not.to.contain(value)
  })

  it('learn what is noise, and leave it out from then on', async () => {
    let count = 0
    old.state.data = (uid) => ({ uid: Number(uid), name: `王小${'甲乙丙丁戊己庚辛壬癸'[count++ % 10]}` })
    const noise = join(folder.path, 'noise.json')
    expect((await replay('--values', values(), '--learn', noise)).stdout).to.contain('3 equal')
    expect(JSON.parse(readFileSync(noise, 'utf8')))
      .to.have.property('places')
      .that.has.length(1)
    const answer = await replay('--values', values(), '--noise', noise, '--min-score', '100')
    old.state.data = (uid) => ({ uid: Number(uid), name: '王小明' })
    expect(answer.code).to.equal(0)
  })

  it('make no call whose values or secret nobody knows, and say so', async () => {
    old.state.queries.length = 0
    const without = await runCommand(['move', 'replay', record(), '--against', old.url, '--min-score', '1'])
    expect(without.stdout).to.contain('3 not compared: unknown id, password').and.contain('0 calls compared')
    expect(without.code).to.equal(1)
    const unsigned = await runCommand([
      'move',
      'replay',
      record(),
      '--against',
      old.url,
      '--values',
      values(),
    ])
    expect(unsigned.stdout).to.contain('3 not compared: no secret of application h5')
    expect(old.state.queries).to.deep.equal([])
  })

  it('refuse a record of another key, and what is no record', async () => {
    const other = folder.write('other.key', `${'ab'.repeat(32)}\n`)
    expect(refusal(await replay('--key', other)).line).to.match(/was recorded under another key$/)
    const bad = folder.write('bad.key', 'hush')
    expect(refusal(await replay('--key', bad)).line).to.match(
      /holds no key of a record: 64 hexadecimal digits$/,
    )
    const file = folder.write('none.jsonl', '{}\n')
    const answer = await runCommand([
      'move',
      'replay',
      file,
      '--against',
      old.url,
      '--key',
      `${record()}.key`,
    ])
    expect(refusal(answer).line).to.match(/is no record, or one of another version$/)
  })

  it('pass on when nothing can be written any more, and say so once', async () => {
    const lost = join(folder.path, 'lost')
    const { running, url } = await startRecord(['--out', lost, '--rotate', '0.0001'])
    await call(url, 7_300_000)
    rmSync(lost, { recursive: true })
    const hasStopped = () => running.output().includes('recording has stopped')
    // Each write takes what has come meanwhile, and the second is the one that needs a new file.
    for (let count = 0; count < 5 || !hasStopped(); count++)
      expect(await call(url, 7_300_000)).to.contain('"uid":7300000')
    for (let count = 0; count < 5; count++) expect(await call(url, 7_300_000)).to.contain('"uid":7300000')
    await running.stop()
    expect(running.output().match(/recording has stopped, and calls pass on: ENOENT/g)).to.have.length(1)
  })

  it('begin a new file after a size, and drop the oldest beyond a limit', async () => {
    const small = join(folder.path, 'small')
    const { running, url } = await startRecord(['--out', small, '--rotate', '0.001', '--limit', '0.004'])
    for (let count = 0; count < 40; count++) await call(url, 7_300_000 + (count % 2))
    await running.stop()
    const sizes = readdirSync(small).map((name) => statSync(join(small, name)).size)
    expect(sizes.length).to.be.within(2, 5)
    expect(sizes.reduce((sum, size) => sum + size, 0)).to.be.below(0.008 * 1024 * 1024)
  })

  it('end where somebody else listens already', async () => {
    const { port } = new URL(old.url)
    const command = ['move', 'record', '--upstream', old.url, '--listen', port]
    const taken = await runCli([...command, '--out', join(folder.path, 'taken')])
    expect(taken.code, taken.stderr).to.equal(1)
    expect(taken.stderr).to.contain('EADDRINUSE')
  })

  it('refuse wrong options in one line', async () => {
    const wrong: readonly (readonly [readonly string[], RegExp])[] = [
      [
        ['record', '--upstream', 'ftp://x'],
        /--upstream <url>.*It must be such as http:\/\/127\.0\.0\.1:8080\.$/,
      ],
      [['record', '--upstream', 'http://x', '--listen', 'here'], /It must be PORT or HOST:PORT/],
      [['record', '--upstream', 'http://x', '--sample', '101'], /It must be a number from 0 to 100\.$/],
      [['replay', 'x', '--against', 'http://x', '--pace', '0'], /It must be a number above 0, up to 1000\.$/],
    ]
    for (const [args, reason] of wrong) {
      const { code, line } = await refusalOf(['move', ...args])
      expect(code).to.equal(2)
      expect(line).to.match(reason)
    }
    const unnamed = await runCommand([
      'move',
      'replay',
      record(),
      '--against',
      old.url,
      '--app-secret',
      secret,
    ])
    expect(refusal(unnamed)).to.deep.equal({
      code: 2,
      line: 'error: --app-secret: it is written name=text, as h5=SECRET',
    })
  })
})
