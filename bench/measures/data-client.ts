import { performance } from 'node:perf_hooks'
import libsql from 'libsql'
import { createPool } from 'mysql2'
import { connect } from '../../db/connect.js'
import { findCredentials } from '../../db/credentials.js'
import { firstUid, userCount } from '../job.js'

/**
 * Reads users by key through our data layer and through the bare driver, in turns, and writes the CPU of each turn
 * as a line of JSON. Started by itself, so that the CPU is the reads' alone.
 */
type Read = (userId: number) => unknown

const [kind = '', place = '', turnSeconds = '1', turns = '5', inFlight = '16'] = process.argv.slice(2)

const sql =
  'select base.user_id, base.user_account, user_password, user_salt, session_generation,' +
  ' coalesce(user_state, 1) as user_state from account_user_base as base' +
  ' left join account_user_info as info on info.user_id = base.user_id where base.user_id = ?'

function openDriver(): { read: Read; close(): void } {
  if (kind === 'sqlite') {
    const database = new libsql(place)
    const statement = database.prepare(sql)
    return { read: (userId) => statement.all([userId]), close: () => database.close() }
  }
  const pool = createPool({ uri: place, connectionLimit: 20, charset: 'utf8mb4', timezone: 'Z' })
  const read: Read = (userId) =>
    new Promise((resolve, reject) => {
      pool.execute(sql, [userId], (error, rows) => (error ? reject(error) : resolve(rows)))
    })
  return { read, close: () => pool.end() }
}

/** CPU in microseconds that a read costs, while some are always under way. */
async function runTurn(read: Read): Promise<number> {
  const until = performance.now() + Number(turnSeconds) * 1000
  const before = process.cpuUsage()
  let reads = 0
  const lane = async () => {
    while (performance.now() < until) {
      reads++
      await read(firstUid + ((reads * 7919) % userCount))
    }
  }
  await Promise.all(Array.from({ length: Number(inFlight) }, lane))
  const { user, system } = process.cpuUsage(before)
  return (user + system) / reads
}

const driver = openDriver()
const db = connect(kind === 'sqlite' ? { kind, file: place } : { kind: 'mysql', url: place })
const ours: Read = (userId) => findCredentials(db, userId)
const first = JSON.stringify(await findCredentials(db, firstUid))
const [same] = (await driver.read(firstUid)) as unknown[]
if (JSON.stringify(same) !== first)
  throw new Error(`the driver reads ${JSON.stringify(same)}, we read ${first}`)
await runTurn(ours)
await runTurn(driver.read)
for (let turn = 0; turn < Number(turns); turn++)
  process.stdout.write(`${JSON.stringify([await runTurn(ours), await runTurn(driver.read)])}\n`)
driver.close()
await db.destroy()
