import { expect } from 'chai'
import { randomInt } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { connect, limitStatements } from '../../../db/connect.js'
import { transaction } from '../../../db/transaction.js'
import { requireProgram } from '../../servers/available.js'
import { atPort, type Galera, startGalera } from '../../servers/cluster/galera.js'

const isLong = process.env['TEST_LONG'] !== undefined
const seconds = Number(process.env['TEST_CLUSTER_SECONDS'] ?? 60)
const clients = 12

const budgets = ['address', 'network']
const tables = [
  'CREATE TABLE prize (name VARCHAR(40) PRIMARY KEY)',
  "CREATE TABLE budget (name VARCHAR(40) PRIMARY KEY); INSERT INTO budget VALUES ('address'), ('network')",
  'CREATE TABLE winner (id INT AUTO_INCREMENT PRIMARY KEY, name VARCHAR(40), KEY (name))',
]

if (isLong)
  describe('transactions that meet at two nodes of a cluster, with statements that are always new', function () {
    this.timeout(300_000 + seconds * 1000)
    let galera: Galera
    let url: string
    before(async function () {
      requireProgram(this, 'galera-4')
      galera = await startGalera()
      url = await galera.createDatabase(tables.join(';'))
    })
    after(() => galera?.stop())

    it(`are done by one of both, and whole, for ${seconds} seconds`, async () => {
      const nodes = galera.nodes.map(({ port }) => {
        const db = connect({ kind: 'mysql', url: atPort(url, port) }, { poolSize: 2 * clients })
        limitStatements(db, 4000)
        return db
      })
      const take = (node: number, name: string) => {
        const db = nodes[node % nodes.length]
        if (!db) throw new Error('a cluster has nodes')
        return transaction({ db }, async ({ db }) => {
          // Statements that no connection has seen: each is prepared.
          const prize = await db.table('prize').comment(name).where({ name }).forUpdate().first()
          if (!prize) return
          // As all that check a code do: whoever has locked a row of its own waits for these.
          await db
            .table('budget')
            .comment(name)
            .whereIn('name', budgets)
            .orderBy('name')
            .forUpdate()
            .select('name')
          await db.table('prize').comment(name).where({ name }).delete()
          await db.table('winner').comment(name).insert({ name })
        })
      }
      let made = 0
      const end = Date.now() + seconds * 1000
      const client = async (at: number) => {
        while (Date.now() < end) {
          const name = `prize ${++made}`
          await nodes[(at + 2) % nodes.length]?.table('prize').insert({ name })
          await Promise.all([take(at, name), sleep(randomInt(6)).then(() => take(at + 1, name))])
        }
      }
      await Promise.all(Array.from({ length: clients }, (_, at) => client(at)))

      console.log(`      ${made} pairs`)
      const [db] = nodes
      const winners: string[] = (await db?.table('winner').pluck('name')) ?? []
      const twice = winners.filter((name, at) => winners.indexOf(name) !== at)
      expect({ twice, left: await db?.table('prize').pluck('name'), won: winners.length }).to.deep.equal({
        twice: [],
        left: [],
        won: made,
      })
      await Promise.all(nodes.map((node) => node.destroy()))
    })
  })
