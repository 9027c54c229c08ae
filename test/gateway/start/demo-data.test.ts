import { expect } from 'chai'
import { loadDemoData } from '../../../gateway/start/demo-data.js'
import { duringGateway } from '../../harness.js'
import { onEachDatabase } from '../../servers/databases.js'

onEachDatabase('demo data', (database) => {
  it('is loaded by a development server on an empty database, once, with fresh secrets', async () => {
    await duringGateway(database, { NODE_ENV: 'development' }, async (gateway) => {
      const { services } = gateway
      // The harness has registered an application of its own.
      await services.db('client_app').delete()
      const apps = await loadDemoData(services)
      expect(apps.map(({ name }) => name)).to.deep.equal(['web', 'internal'])
      expect(new Set(apps.map(({ secret }) => secret)).size).to.equal(2)
      expect(await loadDemoData(services)).to.deep.equal([])
      const users: number[] = await services.db('account_user_base').orderBy('user_id').pluck('user_id')
      expect(users).to.deep.equal([12345, 5357305, 6030455])
      // The example of docs/new-clients.md.
      const calls = JSON.stringify([
        { method: 'open.passport.get', params: { uid: 5357305 } },
        { method: 'web.passport.getUserHabits', params: { uid: 5357305 } },
      ])
      const batch = await gateway.call('batch', { calls }, { app: null, verb: 'POST' })
      expect(batch.text.match(/"code":\d+/g)).to.deep.equal(['"code":200', '"code":200', '"code":200'])
    })
  })
})

onEachDatabase('demo data of a server that is not for development', (database) => {
  it('is never loaded', async () => {
    await duringGateway(database, {}, async (gateway) => {
      await gateway.db('client_app').delete()
      expect(await loadDemoData(gateway.services)).to.deep.equal([])
      expect(await gateway.db('account_user_base')).to.deep.equal([])
    })
  })
})
