import { expect } from 'chai'
import { changeApp } from '../../../../gateway/services/apps/registry.js'
import { permissionDenied } from '../../../answers.js'
import { consoleSession, type TestConsole } from '../../../console.js'
import { dataOf, type TestApp } from '../../../harness.js'
import { prepared, withGateway } from '../../../suite.js'

interface Application {
  readonly name: string
  readonly enabled: boolean
  readonly live_secrets: number
  readonly grants: string[]
  readonly addresses: string[]
  readonly trust: string
  readonly code_length: number
  readonly calls: number
  readonly last_seen_at: number
  readonly callers: { version: string; calls: number }[]
  readonly query_callers: object[]
}

withGateway('applications in the console', { CONSOLE: 'on' }, (gateway) => {
  const admin = prepared(before, () => consoleSession(gateway))
  const ask = (action: string, params: object = {}, as: TestConsole = admin) =>
    as.call(`manage.console.application.${action}`, params)
  const get = async (name: string) => dataOf<Application>((await ask('get', { name })).json)
  const secretOf = async (action: string, params: object) =>
    dataOf<{ secret: string }>((await ask(action, params)).json).secret
  const admitted = 10010
  /** The code of a signed call for a user there is not. */
  const codeOf = async (app: TestApp, more: Record<string, string> = {}) =>
    (await gateway.call('web.passport.getUserVerifyInfo', { uid: '404404', ...more }, { app })).json?.code

  it('adds one, whose secret is shown this once and good at once', async () => {
    const secret = await secretOf('add', {
      name: 'shop',
      scheme: 'legacy',
      trust: 'server',
      grants: 'web.passport.*, open.*',
      addresses: '127.0.0.0/8',
    })
    expect(secret).to.match(/^[0-9a-f]{32}$/)
    expect(await codeOf({ name: 'shop', secret, scheme: 'legacy' })).to.equal(admitted)
    const list = await ask('list')
    expect(list.text + JSON.stringify(await get('shop'))).to.not.include(secret)
    expect(await get('shop')).to.deep.include({
      enabled: true,
      live_secrets: 1,
      grants: ['web.passport.*', 'open.*'],
      addresses: ['127.0.0.0/8'],
    })
  })

  it('refuses one that there is, and what is no name, grant or address', async () => {
    const app = { name: 'wrong', scheme: 'legacy', trust: 'server', grants: 'web.*' }
    const text = async (change: object) => (await ask('add', { ...app, ...change })).text
    expect(await text({ name: 'shop' }))
      .to.include('应用 shop 已存在')
      .and.include('FIELD_REFUSED')
    expect(await text({ name: 'a b' })).to.include('应用名须为')
    expect(await text({ grants: 'web.(a|b)' })).to.include('不是接口名')
    expect(await text({ addresses: '10.0.0.0/' })).to.include('CIDR')
    expect(await text({ code_length: 3 })).to.include('4 到 8 位')
    expect(await text({ trust: 'all' })).to.include('PARAM_ERROR')
    expect((await ask('get', { name: 'wrong' })).text).to.include('没有应用 wrong')
  })

  it('rotates without a refused call, and retires the old secret', async () => {
    const app = await gateway.addApp({ name: 'rotated' })
    const secret = await secretOf('rotate', { name: 'rotated' })
    expect(await codeOf(app)).to.equal(admitted)
    expect(await codeOf({ ...app, secret })).to.equal(admitted)
    expect(await get('rotated')).to.include({ live_secrets: 2 })
    expect((await ask('retire', { name: 'rotated' })).json).to.include({ code: 0 })
    expect(await codeOf(app)).to.equal(500)
    expect(await codeOf({ ...app, secret })).to.equal(admitted)
    expect((await ask('retire', { name: 'rotated' })).text).to.include('只有一个密钥')
  })

  it('changes grants, addresses, trust and rules, one by one or together', async () => {
    await gateway.addApp({ name: 'changed', grants: ['*'] })
    await ask('edit', { name: 'changed', grants: 'web.*，open.*' })
    expect(await get('changed')).to.deep.include({ grants: ['web.*', 'open.*'], trust: 'server' })
    await ask('edit', { name: 'changed', trust: 'public', addresses: '10.0.0.1 ::1', code_length: 6 })
    expect(await get('changed')).to.deep.include({
      trust: 'public',
      addresses: ['10.0.0.1', '::1'],
      code_length: 6,
      grants: ['web.*', 'open.*'],
    })
    await ask('edit', { name: 'changed', addresses: 'any', code_length: 0, recut: 'report' })
    expect(await get('changed')).to.deep.include({ addresses: [], code_length: 0, recut: 'report' })
    expect((await ask('edit', { name: 'changed', grants: ' , ' })).text).to.include('至少授予一个')
  })

  it('shuts one out and lets it in again', async () => {
    const app = await gateway.addApp({ name: 'switched' })
    await ask('editState', { name: 'switched', enabled: false })
    expect(await codeOf(app)).to.equal(500)
    await ask('editState', { name: 'switched', enabled: true })
    expect(await codeOf(app)).to.equal(admitted)
  })

  it('shows with which versions it calls, summed over nodes, and passwords in queries', async () => {
    const app = await gateway.addApp({ name: 'seen' })
    await codeOf(app, { app_version: '3.8.2' })
    await codeOf(app, { app_version: '3.8.2' })
    await codeOf(app, { app_version: '<script>4' })
    const { appCallers, credentialCallers } = gateway.services
    await appCallers.flush()
    await codeOf(app, { app_version: '3.8.2' })
    await gateway.call('web.passport.verifyUserPwd', { uid: '1', password: 'x' }, { app })
    await appCallers.flush()
    await credentialCallers.flush()
    const seen = await get('seen')
    expect(seen.callers.map(({ version, calls }) => `${version} ${calls}`)).to.have.members([
      '3.8.2 3',
      'script4 1',
      ' 1',
    ])
    expect(seen).to.include({ calls: 5 })
    expect(seen.last_seen_at).to.be.closeTo(gateway.clock.now(), 60_000)
    expect(await get('changed')).to.include({ calls: 0, last_seen_at: 0 })
  })

  it('keeps apart no more versions than fifty of one application', async () => {
    const { appCallers } = gateway.services
    for (let version = 0; version < 60; version++) appCallers.count('flooded', String(version))
    await appCallers.flush()
    const rows = await gateway.db('app_caller').where({ app_name: 'flooded' })
    expect(rows).to.have.length(51)
    expect(rows.find(({ client_version }) => client_version === '')?.calls).to.equal(10)
  })

  it('is for whom the role includes it, and wants a proof for what is grave', async () => {
    const reader = await consoleSession(gateway, { paths: ['/manage/console/application/list'] })
    expect((await ask('list', {}, reader)).json).to.include({ code: 0 })
    for (const action of ['get', 'rotate', 'retire', 'edit', 'editState'])
      expect((await ask(action, { name: 'web' }, reader)).text, action).to.equal(permissionDenied)
    const late = await consoleSession(gateway)
    await gateway.db('console_session').where({ user_id: late.uid }).update({ proved_at: 1 })
    for (const action of ['add', 'rotate', 'retire', 'edit', 'editState'])
      expect((await ask(action, { name: 'web' }, late)).text, action).to.include('PROOF_NEEDED')
  })

  it('leaves those that act for any user to a role that includes all of the console', async () => {
    const clerk = await consoleSession(gateway, { paths: ['/manage/console/application/*'] })
    const app = { scheme: 'hmac-sha256', grants: 'web.passport.*' }
    const tooMuch = '超出您自己的权限'
    const add = (name: string, trust: string) => ask('add', { ...app, name, trust }, clerk)
    expect((await add('clerks_server', 'server')).text).to.include(tooMuch)
    expect((await add('clerks_page', 'public')).json).to.include({ code: 0 })
    expect((await ask('edit', { name: 'clerks_page', trust: 'server' }, clerk)).text).to.include(tooMuch)
    for (const action of ['rotate', 'retire'])
      expect((await ask(action, { name: 'web' }, clerk)).text, action).to.include(tooMuch)
    const off = { name: 'web', enabled: false }
    expect((await ask('editState', off, clerk)).text).to.include(tooMuch)
  })

  it('writes each act into the audit, with its request and without a secret', async () => {
    const secret = await secretOf('rotate', { name: 'changed' })
    const entries = await gateway.db('audit_entry').where('action', 'like', 'manage.console.application.%')
    expect(
      entries.map(({ action }) => action.slice('manage.console.application.'.length)),
    ).to.include.members(['add', 'rotate', 'retire', 'edit', 'editState'])
    expect(entries[0]).to.include({ actor_id: admin.uid, outcome: 'ok' })
    for (const { request_id } of entries) expect(request_id).to.match(/^[\w.-]{8,64}$/)
    expect(JSON.stringify(entries)).to.not.include(secret)
    const { recut } = await changeApp(gateway.db, 'changed', { recut: 'refuse' })
    expect(recut).to.equal('report')
  })
})
