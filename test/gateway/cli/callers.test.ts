import { expect } from 'chai'
import { prepared, withGateway } from '../../suite.js'
import { startGateway } from '../../harness.js'
import { keys, useCommandLine } from './command-line.js'

const method = 'web.passport.verifyUserPwd'

withGateway('callers', { ...keys, TRUST_PROXY: '127.0.0.1' }, (gateway, database) => {
  const cli = useCommandLine(database)
  const app = prepared(before, () => gateway.addApp({ name: 'old-app' }))
  const user = prepared(before, () => gateway.addUser())

  const callOn = async (node: typeof gateway, ip: string, version?: string) => {
    const { json, text } = await node.call(
      method,
      {
        uid: String(user.uid),
        password: user.password,
        ...(version === undefined ? {} : { app_version: version }),
      },
      { app, headers: { 'x-real-ip': ip } },
    )
    expect(json?.code, text).to.equal(200)
  }

  it('are none at first', async () => {
    expect(await cli.run('callers')).to.include({
      code: 0,
      stdout: 'no such call was seen\n',
    })
    expect(await cli.run('callers --json')).to.include({ code: 0, stdout: '[]\n' })
  })

  it('are shown by application, method, network and version, summed over all nodes', async () => {
    const other = await startGateway(database, { ...keys, TRUST_PROXY: '127.0.0.1' })
    try {
      await callOn(gateway, '203.0.113.7', '3.8.2')
      await callOn(gateway, '203.0.113.200', '3.8.2')
      await callOn(other, '203.0.113.9', '3.8.2')
      await callOn(other, '2001:db8:7:1::1', '<b>4.0\u001b[2J</b>')
      await gateway.services.callers.flush()
    } finally {
      // What a node has counted is written when it stops.
      await other.close()
    }
    const rows = JSON.parse((await cli.run('callers --app old-app --json')).stdout)
    const seen = rows.map(({ app, method, network, version, calls }: Record<string, unknown>) => {
      return { app, method, network, version, calls }
    })
    expect(seen).to.deep.equal([
      { app: 'old-app', method, network: '203.0.113.0/24', version: '3.8.2', calls: 3 },
      { app: 'old-app', method, network: '2001:db8:7::/48', version: 'b4.02Jb', calls: 1 },
    ])
    for (const { firstSeen, lastSeen } of rows)
      expect(Date.parse(lastSeen)).to.be.at.least(Date.parse(firstSeen))
    const { stdout } = await cli.run('callers --finding query-credentials')
    const time = String.raw`\d{4}-\d\d-\d\d \d\d:\d\d:\d\d`
    expect(stdout).to.match(
      /^APPLICATION +METHOD +VERSION +SCHEME +NETWORK +CALLS +FIRST SEEN +LAST SEEN +FOUND$/m,
    )
    expect(stdout).to.match(
      new RegExp(
        `^old-app +${method} +3\\.8\\.2 +legacy +203\\.0\\.113\\.0/24 +3 +${time} +${time} +query-credentials 3$`,
        'm',
      ),
    )
    expect((await cli.run('callers --app none')).stdout).to.equal('no such call was seen\n')
  })

  it('are found by application, method, scheme, network, time and what was found in their calls', async () => {
    await gateway.call('open.passport.get', { uid: String(user.uid) }, { app })
    await gateway.request('/front/account/user/info')
    await gateway.services.callers.flush()
    const seen = async (options: string) =>
      (
        JSON.parse((await cli.run(`callers --json ${options}`.trim())).stdout) as {
          app: string
          method: string
        }[]
      )
        .map(({ app, method }) => `${app} ${method}`)
        .sort()
    const [get, verify] = ['old-app open.passport.get', `old-app ${method}`]
    expect(await seen('')).to.deep.equal(['none front.account.user.info', get, verify, verify])
    expect(await seen('--app old-app --method open.*')).to.deep.equal([get])
    expect(await seen('--scheme none')).to.deep.equal(['none front.account.user.info'])
    expect(await seen('--network 203.0.113.99')).to.deep.equal([verify])
    expect(await seen('--network 2001:db8:7::/48')).to.deep.equal([verify])
    expect(await seen('--finding query-credentials')).to.deep.equal([verify, verify])
    expect(await seen('--since 1h')).to.have.length(4)
    expect(await seen('--since 2099-01-01')).to.deep.equal([])
  })
})
