import { expect } from 'chai'
import { duringGateway, type TestGateway } from '../../harness.js'
import { onEachDatabase } from '../../servers/databases.js'

async function shown(gateway: TestGateway): Promise<string[]> {
  return (await gateway.request('/metrics')).text.split('\n')
}

const valueOf = (lines: readonly string[], name: string) =>
  Number(lines.find((line) => line.startsWith(`${name} `))?.slice(name.length))

onEachDatabase('/metrics', (database) => {
  it('shows what runs, and the state of what it depends on', async () => {
    await duringGateway(database, { HASH_QUEUE: '7' }, async (gateway) => {
      await gateway.addUser()
      const lines = await shown(gateway)
      expect(lines).to.include.members([
        'gateway_database_state{state="ready"} 1',
        'gateway_database_state{state="read-only"} 0',
        'gateway_database_waiting 0',
        'gateway_hashes_limit 7',
        'gateway_deliveries_waiting 0',
        'gateway_deliveries_overdue_seconds 0',
        'gateway_data_key_missing 0',
      ])
      expect(lines.find((line) => line.startsWith('gateway_info'))).to.match(
        /^gateway_info\{version="\d+\.\d+\.\d+[^"]*",node="v\d+[^"]*"\} 1$/,
      )
      for (const kind of ['read', 'write', 'begin', 'commit'])
        expect(valueOf(lines, `gateway_statement_seconds_count{kind="${kind}"}`), kind).to.be.greaterThan(0)
      // Of one server alone there is no cluster to tell of, and without REDIS_URL no Redis.
      expect(lines.join('\n')).to.not.match(/^(gateway_database_(cluster|lag)\w*|gateway_redis_up) /m)
    })
  })

  it('shows deliveries that are due and nobody makes', async () => {
    await duringGateway(database, {}, async (gateway) => {
      await gateway.services.queue.stop()
      const old = { template: 'of-a-later-version', payload: '{}', expires_at: gateway.clock.now() + 9e6 }
      await gateway.db('delivery_job').insert({ ...old, due_at: gateway.clock.now() - 90_000 })
      const lines = await shown(gateway)
      expect(lines).to.include('gateway_deliveries_waiting 1')
      expect(valueOf(lines, 'gateway_deliveries_overdue_seconds')).to.be.within(90, 100)
    })
  })

  it('answers within the time of the probe when the pool is full or gone', async () => {
    await duringGateway(database, {}, async (gateway) => {
      await gateway.db.destroy()
      const begun = Date.now()
      const lines = await shown(gateway)
      expect(Date.now() - begun).to.be.lessThan(4000)
      expect(lines).to.include.members([
        'gateway_database_state{state="ready"} 0',
        'gateway_database_state{state="closed"} 1',
      ])
      expect(lines.join('\n')).to.not.match(/gateway_deliveries_waiting \d/)
    })
  })

  it('shows the connections of the pool that are in use, and what waits for one', async () => {
    if (database.kind === 'sqlite') return
    await duringGateway(database, { DB_POOL: '2' }, async (gateway) => {
      const slow = Array.from({ length: 3 }, () => Promise.resolve(gateway.db.raw('SELECT sleep(1)')))
      while (gateway.db.client.pool.numUsed() < 2) await new Promise((resolve) => setTimeout(resolve, 5))
      const lines = await shown(gateway)
      expect(lines).to.include.members([
        'gateway_database_connections{state="used"} 2',
        'gateway_database_connections_limit 2',
      ])
      expect(valueOf(lines, 'gateway_database_waiting')).to.be.greaterThan(0)
      await Promise.all(slow)
    })
  })
})
