import { expect } from 'chai'
import { cpSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { requireProgram } from '../../servers/available.js'
import { type Mariadb, requiredPath, startMariadb } from '../../servers/mariadb.js'
import { freePort, type RunningProcess, runToEnd, startProcess } from '../../servers/processes/process.js'
import { readUnit, type Unit } from '../../servers/deployment/systemd-unit.js'
import { useFolder } from '../../suite.js'
import { projectRoot } from '../architecture/source-tree.js'

const minutes = 60_000
const root = projectRoot()
const document = readFileSync(join(root, 'docs/deploy.md'), 'utf8')

/** The first block of the shell in the document that holds a text. */
function blockWith(text: string): string {
  const blocks = [...document.matchAll(/^( *)```sh\n([\s\S]*?)^\1```$/gm)]
  const [, indent = '', block] = blocks.find(([, , block]) => block?.includes(text)) ?? []
  return block?.replaceAll(new RegExp(`^${indent}`, 'gm'), '') ?? expect.fail(`no block with ${text}`)
}

// It installs all packages twice, of npm: in the long form of the tests alone.
const describeLong = process.env['TEST_LONG'] ? describe : () => {}

describeLong('a server laid out step by step as the documents say', function () {
  this.timeout(20 * minutes)
  const folder = useFolder('server')
  let mariadb: Mariadb
  let unit: Unit
  let url: string
  const etc = () => join(folder.path, 'etc')
  const srv = () => join(folder.path, 'srv')

  /** The documents' places, seen from this machine. */
  const placed = (text: string, databaseUrl: string) =>
    text
      .replaceAll('/etc/passport-gateway', etc())
      .replaceAll('/srv/passport-gateway', srv())
      .replaceAll('/var/lib/passport-gateway', join(folder.path, 'data'))
      .replaceAll('/usr/bin/node', process.execPath)
      .replaceAll('mysql://passport:…@db:3306/passport', databaseUrl)
  const shell = (script: string, cwd: string) =>
    runToEnd({ command: requiredPath('sh'), args: ['-euc', script], cwd })

  before(async function () {
    requireProgram(this, 'mariadbd')
    requireProgram(this, 'openssl')
    mariadb = await startMariadb()
    const databaseUrl = await mariadb.createDatabase()
    const build = join(folder.path, 'build')
    const left = /^(?:\.git|dist|data|node_modules)$/
    for (const name of readdirSync(root).filter((name) => !left.test(name)))
      cpSync(join(root, name), join(build, name), {
        recursive: true,
        filter: (source) => !relative(root, source).includes('node_modules'),
      })
    await shell(blockWith('npm prune --omit=dev'), build)
    mkdirSync(srv())
    for (const name of ['dist', 'node_modules', 'package.json'])
      cpSync(join(build, name), join(srv(), name), { recursive: true, verbatimSymlinks: true })
    await shell(placed(blockWith('openssl rand -base64 32 > DATA_KEY'), databaseUrl), folder.path)
    const deploy = join(root, 'docs/deploy')
    const port = await freePort()
    const own = `${readFileSync(join(deploy, 'passport-gateway.env'), 'utf8')}PORT=${port}\n`
    writeFileSync(join(etc(), 'passport-gateway.env'), own.replace('HOST=0.0.0.0', 'HOST=127.0.0.1'))
    const text = readFileSync(join(deploy, 'passport-gateway.service'), 'utf8')
    unit = readUnit(placed(text, databaseUrl), folder.path)
    url = `http://127.0.0.1:${port}`
  })
  after(() => mariadb?.stop())

  const start = () => startProcess(unit, async () => (await fetch(`${url}/readyz`)).ok, minutes)

  it('runs the commands of the documents, with its configuration and without', async () => {
    const migrated = await start()
    await migrated.stop()
    const config = await shell(placed(blockWith('CREDENTIALS_DIRECTORY='), ''), folder.path)
    expect(config)
      .to.match(/^DATA_KEY +\*{8} +/m)
      .and.match(/^MAIL_FROM +Passport <passport@example\.com> +/m)
    const cli = (command: string) =>
      runToEnd({
        ...unit,
        command: requiredPath('npm'),
        args: ['run', '--silent', 'cli', '--', ...command.split(' ')],
        env: { ...process.env, ...unit.env },
      })
    expect(await cli('app add web --scheme legacy --trust server --grant *')).to.include('web')
    expect(await cli('app list')).to.match(/^web /m)
    expect(await cli('--help')).to.include('migrate')
  })

  it('comes back by itself after its database was down for ten seconds', async () => {
    await mariadb.kill()
    const end = Date.now() + 10_000
    let tries = 0
    while (Date.now() < end) {
      const failed = await runToEnd(unit).catch(String)
      expect(failed).to.include('the server could not start: [ECONNREFUSED]; host 127.0.0.1')
      tries++
      await sleep(unit.restartAfter)
    }
    expect(tries).to.be.above(1)
    await mariadb.restart()
    const running: RunningProcess = await start()
    // One that runs already stays, and is ready again.
    await mariadb.kill()
    while ((await fetch(`${url}/readyz`)).ok) await sleep(100)
    await mariadb.restart()
    while (!(await fetch(`${url}/readyz`)).ok) await sleep(100)
    await running.stop()
  })
})

describeLong('the unit of the documents', () => {
  it('is one that systemd takes without a word', async function () {
    const command = requireProgram(this, 'systemd-analyze')
    const file = join(root, 'docs/deploy/passport-gateway.service')
    const said = await runToEnd({ command, args: ['verify', '--man=no', file] })
    expect(said.split('\n').filter((line) => line.includes('passport-gateway'))).to.deep.equal([])
  })
})
