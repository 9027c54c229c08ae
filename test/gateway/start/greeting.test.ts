import { expect } from 'chai'
import { insertUser } from '../../../db/users.js'
import { loadDemoData } from '../../../gateway/start/demo-data.js'
import { writeGreeting } from '../../../gateway/start/greeting.js'
import { changeApp } from '../../../gateway/services/apps/registry.js'
import { fetchAnswer } from '../../fetch-answer.js'
import type { TestGateway } from '../../harness.js'
import { withGateway } from '../../suite.js'
import { useCommandLine } from '../cli/command-line.js'

const env = { NODE_ENV: 'development', DATA_KEY: 'data-key-of-operator-tests-32-long' }

withGateway('the greeting of a development server', env, (gateway, database) => {
  const commandLine = useCommandLine(database)

  beforeEach(async () => {
    for (const table of ['client_app', 'account_user_base', 'account_user_info', 'user_identity'] as const)
      await gateway.db(table).delete()
    await gateway.services.apps.refresh()
  })

  /** The line after `try:` of a server that starts now. */
  const tried = async ({ services, url }: TestGateway = gateway) => {
    const greeting = await writeGreeting(services, url, await loadDemoData(services))
    return / {2}try: {4}(.*)/.exec(greeting)?.[1] ?? ''
  }
  const curled = async (line: string) => {
    const url = /^curl '(.+)'$/.exec(line)?.[1]
    expect(url, line).to.be.a('string')
    return (await fetchAnswer(url ?? '')).json
  }
  /** The envelope that the URL of `sign make` is answered with. */
  const signed = async (line: string) => {
    const [, command] = /^npm run cli -- (.+?) {2}\(/.exec(line) ?? []
    const { stdout, stderr } = await commandLine.run(command ?? line)
    expect(stderr).to.equal('')
    return (await fetchAnswer(stdout.trim())).json
  }

  it('shows a call of a demo user where there was nobody', async () => {
    const line = await tried()
    expect(line).to.include('uid=5357305')
    expect((await curled(line))?.code).to.equal(200)
  })

  it('shows a call of one of the users who were there before the first start', async () => {
    await insertUser(gateway.db, { userId: 7001, account: 'imported', passwordHash: '', createdAt: 0 })
    const line = await tried()
    expect(line).to.include('uid=7001')
    expect((await curled(line))?.code).to.equal(200)
    expect(await gateway.db('account_user_base').pluck('user_id')).to.deep.equal([7001])
  })

  it('shows a call that is answered where applications were there before, and none of them is web', async () => {
    await gateway.addApp({ name: 'h5', grants: ['web.*'] })
    await insertUser(gateway.db, { userId: 7001, account: 'imported', passwordHash: '', createdAt: 0 })
    expect((await curled(await tried()))?.code).to.equal(200)
    expect(await gateway.db('client_app').pluck('name')).to.deep.equal(['h5'])
  })

  it('shows how to sign one where the application web is disabled', async () => {
    await tried()
    await changeApp(gateway.db, 'web', { enabled: false })
    await gateway.services.apps.refresh()
    expect((await signed(await tried()))?.code).to.equal(200)
  })

  it('shows how to sign one where unsigned calls are refused', async () => {
    const { config } = gateway.services
    const strict = { ...config, passport: { ...config.passport, unsigned: false } }
    const line = await tried({ ...gateway, services: { ...gateway.services, config: strict } })
    expect((await signed(line))?.code).to.equal(200)
  })

  it('shows how to register an application where none may make the call', async () => {
    await gateway.addApp({ name: 'web', grants: ['web.*'] })
    const line = await tried()
    expect(
      (await commandLine.run([...(line.slice(15).split('  ')[0]?.replaceAll("'", '').split(' ') ?? [])]))
        .code,
    ).to.equal(0)
    await gateway.services.apps.refresh()
    expect((await signed(await tried()))?.code).to.equal(200)
  })
})
