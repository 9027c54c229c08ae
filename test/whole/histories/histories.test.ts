import { requireProgram } from '../../servers/available.js'
import { onEachDatabase } from '../../servers/databases.js'
import { explain, search } from './search.js'
import { type OpenStage, openStage } from './stage.js'

const isLong = process.env['TEST_LONG'] !== undefined
const calls = Number(process.env['HISTORY_CALLS'] ?? (isLong ? 100_000 : 300))
// The long run draws anew each time; the ordinary one plays the same histories, for whoever waits for it.
const seed = Number(process.env['HISTORY_SEED'] ?? (isLong ? Date.now() % 2 ** 31 : 20_261))
const path = process.env['HISTORY_PATH']
/** Of a hundred steps, how many kill a node. */
const kills = Number(process.env['HISTORY_KILLS'] ?? 1)
/** A database of each node, to play on a cluster that runs already. */
const cluster = process.env['HISTORY_DATABASES']?.split(',')

const timeout = isLong ? 4 * 3_600_000 : 300_000

function playOn(kind: 'sqlite' | 'mysql', databases: () => readonly string[]): void {
  let stage: OpenStage
  before(async function () {
    if (kind === 'mysql') requireProgram(this, 'redis-server')
    stage = await openStage({ kind, databases: databases(), redis: kind === 'mysql' })
  })
  after(() => stage?.close())

  it('are answered as some order of their calls explains', async () => {
    const extent = { calls, seed, path, kills, rests: 4, tries: 4, longestShrinking: 90_000 }
    const { failure, ...played } = await search(stage, extent)
    const what = `${played.calls} calls in ${played.histories} histories`
    console.log(`      seed ${seed}: ${what}, ${played.kills} nodes killed, ${played.unknown} answers lost`)
    // In an error of its own: an assertion would cut it off after a line.
    if (failure) throw new Error(explain(seed, failure))
  })
}

onEachDatabase('random histories of several clients, with nodes that are killed', function (database) {
  this.timeout(timeout)
  // SQLite means one process.
  playOn(database.kind, () => (database.kind === 'mysql' ? [database.url, database.url] : [database.url]))
})

if (cluster)
  describe('random histories on the databases of HISTORY_DATABASES', function () {
    this.timeout(timeout)
    playOn('mysql', () => cluster)
  })
