import { expect } from 'chai'
import { mkdir } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import { insertUser } from '../../../db/users.js'
import { fetchAnswer } from '../../fetch-answer.js'
import { signParameters } from '../../harness.js'
import { hashQuickly } from '../../password-cost.js'
import { requireProgram } from '../../servers/available.js'
import { type Mariadb, startMariadb } from '../../servers/mariadb.js'
import {
  connectBeside,
  type GatewayProcess,
  startGatewayProcess,
} from '../../servers/processes/gateway-process.js'
import { findProgram, runToEnd } from '../../servers/processes/process.js'

const password = 'right password'

describe('a MariaDB server that is backed up while it works', () => {
  const servers: Mariadb[] = []
  const nodes: GatewayProcess[] = []
  before(function () {
    requireProgram(this, 'mariadbd')
    requireProgram(this, 'mariadb-backup')
  })
  after(async () => {
    for (const running of [...nodes, ...servers]) await running.stop()
  })

  it('is restored as the documents say: users sign in, and secrets open', async function () {
    this.timeout(120_000)
    const server = await startMariadb()
    servers.push(server)
    const url = await server.createDatabase()
    const beside = await connectBeside({ url })
    const app = await beside.addApp()
    const passwordHash = await hashQuickly(password)
    const add = (account: string) => insertUser(beside.db, { account, passwordHash, createdAt: 0 })
    for (let at = 0; at < 20; at++) await add(`kept${at}`)
    const node = await startGatewayProcess({ url })
    nodes.push(node)
    const statuses: number[] = []
    const end = new AbortController()
    const load = (async () => {
      for (let at = 0; !end.signal.aborted; at++) {
        await add(`later${at}`)
        statuses.push((await signIn(node.url, `kept${at % 20}`)).status)
      }
    })()

    const command = findProgram('mariadb-backup') ?? ''
    const restored = await startMariadb(async (data) => {
      await mkdir(data, { mode: 0o700 })
      const login = ['--host=127.0.0.1', `--port=${server.port}`, '--user=root', '--skip-ssl']
      await runToEnd({ command, args: ['--no-defaults', '--backup', `--target-dir=${data}`, ...login] })
      end.abort()
      await load
      await runToEnd({ command, args: ['--no-defaults', '--prepare', `--target-dir=${data}`] })
    })
    servers.push(restored)
    await beside.close()
    expect(new Set(statuses)).to.deep.equal(new Set([200]))

    const other = url.replace(`:${server.port}/`, `:${restored.port}/`)
    const second = await startGatewayProcess({ url: other })
    nodes.push(second)
    await sleep(100)
    expect((await signIn(second.url, 'kept7')).status).to.equal(200)
    const params = signParameters(app, { method: 'web.passport.getUserHabits', uid: '987654321' })
    const { text } = await fetchAnswer(`${second.url}/gateway?${new URLSearchParams(params).toString()}`)
    expect(text).to.contain('"code":10010')
    expect(second.output()).not.to.contain('DATA_KEY that is not given')
  })
})

function signIn(url: string, account: string) {
  const body = new URLSearchParams({ user_account: account, password })
  return fetchAnswer(`${url}/front/account/login/login`, { method: 'POST', body })
}
