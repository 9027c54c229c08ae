import { expect } from 'chai'
import type { ClientAppRow } from '../../../../db/client-apps.js'
import { changeApp, registerApp, rotateSecret } from '../../../../gateway/services/apps/registry.js'
import { readApp } from '../../../../gateway/services/apps/apps.js'
import { createVault } from '../../../../gateway/services/vault.js'
import { startGateway } from '../../../harness.js'
import { withGateway } from '../../../suite.js'

const vault = createVault(['data-key-of-this-test-at-least-32-long'])

function row(change: Partial<ClientAppRow> = {}): ClientAppRow {
  return {
    name: 'shop',
    scheme: 'legacy',
    trust: 'server',
    grants: '["*"]',
    addresses: '[]',
    secrets: '[]',
    enabled: 1,
    code_length: null,
    recut: null,
    query_credentials: null,
    report_only: null,
    created_at: 0,
    updated_at: 0,
    ...change,
  }
}

describe('a stored application', () => {
  const granted = (grants: string[], method: string) =>
    readApp(row({ grants: JSON.stringify(grants) }), vault).isGranted(method)

  it('may call the methods that its patterns name, letter for letter', () => {
    expect(granted(['web.passport.sendcode'], 'web.passport.sendcode')).to.equal(true)
    expect(granted(['web.passport.*'], 'web.passport.sendcode')).to.equal(true)
    expect(granted(['open.passport.get', 'web.*'], 'web.passport.sendcode')).to.equal(true)
    expect(granted(['*'], 'manage.account.user.list')).to.equal(true)
    for (const pattern of ['web.passport', 'passport.*', 'web.passport.sendcod', 'WEB.*', 'webxpassport.*'])
      expect(granted([pattern], 'web.passport.sendcode'), pattern).to.equal(false)
    expect(granted(['web.passport.s'], 'webxpassport.s')).to.equal(false)
    expect(granted([], 'web.passport.sendcode')).to.equal(false)
  })

  it('says the same of a method each time it is asked', () => {
    const app = readApp(row({ grants: '["web.*"]' }), vault)
    for (let time = 0; time < 2; time++) {
      expect(app.isGranted('web.passport.sendcode')).to.equal(true)
      expect(app.isGranted('open.passport.get')).to.equal(false)
    }
  })

  it('may call from its addresses and ranges, and without any from everywhere', () => {
    const from = (addresses: string[], ip: string) =>
      readApp(row({ addresses: JSON.stringify(addresses) }), vault).isAllowedFrom(ip)
    const addresses = ['10.0.0.0/8', '203.0.113.7', '2001:db8::/32']
    for (const ip of ['10.255.0.1', '203.0.113.7', '2001:db8::1'])
      expect(from(addresses, ip), ip).to.equal(true)
    for (const ip of ['11.0.0.1', '203.0.113.8', '2001:db9::1', ''])
      expect(from(addresses, ip), ip).to.equal(false)
    expect(from([], '8.8.8.8')).to.equal(true)
  })

  it('has the secrets that can still be opened', () => {
    const lost = createVault(['another-data-key-at-least-32-characters'])
    const secrets = JSON.stringify([lost.seal('app-secret', 'lost'), vault.seal('app-secret', 'kept')])
    expect(readApp(row({ secrets }), vault).secrets).to.deep.equal(['kept'])
  })

  it('is enabled by a number or a boolean, as the databases write it', () => {
    for (const enabled of [1, true]) expect(readApp(row({ enabled }), vault).enabled).to.equal(true)
    for (const enabled of [0, false]) expect(readApp(row({ enabled }), vault).enabled).to.equal(false)
  })
})

withGateway('the registry of applications', (gateway, database) => {
  const until = async (condition: () => boolean) => {
    while (!condition()) await new Promise((resolve) => setTimeout(resolve, 20))
  }

  it('finds an application by its exact name', async () => {
    const { name } = await gateway.addApp({ name: 'Shop.app-1_x' })
    expect(gateway.services.apps.find(name)).to.include({
      name,
      scheme: 'legacy',
      trust: 'server',
      enabled: true,
    })
    for (const other of ['shop.app-1_x', 'Shop.app-1_x ', '', '__proto__', 'constructor'])
      expect(gateway.services.apps.find(other), other).to.equal(undefined)
    expect(gateway.services.apps.list().map((app) => app.name)).to.deep.equal([name, 'web'].sort())
  })

  it('keeps names apart that differ in case only', async () => {
    await gateway.addApp({ name: 'case' })
    await gateway.addApp({ name: 'CASE' })
    expect(gateway.services.apps.find('CASE')?.name).to.equal('CASE')
  })

  it('keeps no secret that could be read from the database', async () => {
    const { name, secret } = await gateway.addApp()
    const stored = await gateway.db('client_app').where({ name }).first()
    expect(JSON.stringify(stored)).not.to.include(secret)
    expect(gateway.services.apps.find(name)?.secrets).to.deep.equal([secret])
  })

  it('keeps the newest two secrets of an application, the newest first', async () => {
    const { name, secret } = await gateway.addApp()
    const { db, vault, apps } = gateway.services
    const second = await rotateSecret(db, vault, name)
    const third = await rotateSecret(db, vault, name, 'a-secret-of-my-own')
    await apps.refresh()
    expect(apps.find(name)?.secrets).to.deep.equal(['a-secret-of-my-own', second])
    expect([second, third]).not.to.include(secret)
  })

  it('loses no rotation when several happen at once', async () => {
    const { name } = await gateway.addApp()
    const { db, vault, apps } = gateway.services
    const secrets = await Promise.all(Array.from({ length: 6 }, () => rotateSecret(db, vault, name)))
    await apps.refresh()
    const live = apps.find(name)?.secrets ?? []
    expect(live).to.have.length(2)
    expect(secrets).to.include.members([...live])
  })

  it('is read again by itself, so that running gateways see what the operator changed', async () => {
    const { db, vault, apps } = gateway.services
    const app = { name: 'late', scheme: 'legacy', trust: 'public', grants: ['web.*'], addresses: [] } as const
    await registerApp(db, vault, app)
    await until(() => apps.find('late')?.trust === 'public')
    await changeApp(db, 'late', { enabled: false })
    await until(() => apps.find('late')?.enabled === false)
  })

  it('stays in force, and is told of in the log, while the database is away', async () => {
    const cutOff = await startGateway(database)
    await cutOff.services.db.destroy()
    await until(() => cutOff.logLines.some((line) => line.includes('registry of applications could not be')))
    expect(cutOff.services.apps.find('web')?.enabled).to.equal(true)
    await cutOff.close()
  })
})
