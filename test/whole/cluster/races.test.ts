import { expect } from 'chai'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { setTimeout as sleep } from 'node:timers/promises'
import { connect } from '../../../db/connect.js'
import { transaction } from '../../../db/transaction.js'
import { insertUser, lockUser } from '../../../db/users.js'
import { requireCluster } from '../../servers/cluster/cluster.js'
import { atPort, type Galera, startGalera } from '../../servers/cluster/galera.js'
import { migrate } from '../../../db/migrate.js'

const isLong = process.env['TEST_LONG'] !== undefined
const racesMilliseconds = 3_600_000

if (isLong)
  describe('on a cluster of three writers', () => {
    it('every race of the project ends as on one server', async function () {
      this.timeout(racesMilliseconds)
      requireCluster(this)
      const races = join(dirname(fileURLToPath(import.meta.url)), '..', 'races', '**', '*.test.js')
      const mocha = createRequire(import.meta.url).resolve('mocha/bin/mocha.js')
      // Each gateway process of a race writes to a node of its own.
      const run = spawn(process.execPath, [mocha, '--timeout=180000', races], {
        env: { ...process.env, TEST_DATABASE: 'galera' },
        stdio: ['ignore', 'pipe', 'inherit'],
      })
      const output = text(run.stdout)
      await once(run, 'close')
      expect(run.exitCode, await output).to.equal(0)
      expect(await output).to.match(/^[1-9]\d* passed, 0 failed, 0 skipped$/m)
    })

    it('changes of one user wait for each other, though each is made at another node', async function () {
      this.timeout(300_000)
      requireCluster(this)
      const galera = await startGalera()
      try {
        expect(await countUnderLock(galera)).to.equal(1)
      } finally {
        await galera.stop()
      }
    })
  })

/** How many rows three nodes insert at once, each of which inserts one only if it finds none. */
async function countUnderLock(galera: Galera): Promise<number> {
  const url = await galera.createDatabase()
  const nodes = galera.nodes.map(({ port }) => connect({ kind: 'mysql', url: atPort(url, port) }))
  const [first] = nodes
  if (!first) throw new Error('a cluster has nodes')
  try {
    await migrate(first)
    await first.raw('CREATE TABLE one_each (id INT AUTO_INCREMENT PRIMARY KEY)')
    const userId = await insertUser(first, { account: 'one', passwordHash: '', createdAt: Date.now() })
    const insertIfNone = (db: typeof first) =>
      transaction({ db }, async ({ db }) => {
        await lockUser(db, userId)
        const found = await db('one_each').select('id')
        await sleep(100)
        if (found.length === 0) await db('one_each').insert({})
      })
    await Promise.all(nodes.map(insertIfNone))
    return (await first('one_each').select('id')).length
  } finally {
    await Promise.all(nodes.map((db) => db.destroy()))
  }
}
