import { requireProgram } from '../../servers/available.js'
import { onCluster, onEachDatabase, type SuiteBody } from '../../servers/databases.js'
import { explain, search, type Tally } from './search.js'
import { type OpenStage, openStage } from './stage.js'

const isLong = process.env['TEST_LONG'] !== undefined
const calls = Number(process.env['HISTORY_CALLS'] ?? (isLong ? 100_000 : 300))
// The long run draws anew each time; the ordinary one plays the same histories, for whoever waits for it.
const seed = Number(process.env['HISTORY_SEED'] ?? (isLong ? Date.now() % 2 ** 31 : 20_261))
const path = process.env['HISTORY_PATH']
/** Of a hundred steps, how many kill a node. */
const kills = Number(process.env['HISTORY_KILLS'] ?? 1)
const timeout = isLong ? 4 * 3_600_000 : 300_000

const title = 'random histories of several clients, with nodes that are killed'

const playHistories: SuiteBody = function (database) {
  this.timeout(timeout)
  const isMysql = database.kind === 'mysql'
  let stage: OpenStage
  before(async function () {
    if (isMysql) requireProgram(this, 'redis-server')
    // SQLite means one process; each node of a cluster has a server of its own.
    const alike = isMysql ? [database.url, database.url] : [database.url]
    const databases = database.nodeUrls ?? alike
    stage = await openStage({ kind: database.kind, databases, redis: isMysql })
  })
  after(() => stage?.close())

  it('are answered as some order of their calls explains', async () => {
    const extent = { calls, seed, path, kills, rests: 4, tries: 4, longestShrinking: 90_000 }
    const { failure, ...played } = await search(stage, extent, createProgress())
    console.log(`      seed ${seed}: ${describePlayed(played)}`)
    // In an error of its own: an assertion would cut it off after a line.
    if (failure) throw new Error(explain(seed, failure))
  })
}

onEachDatabase(title, playHistories)
if (isLong && process.env['TEST_DATABASE'] === undefined) onCluster(title, playHistories)

const describePlayed = ({ calls, histories, kills, unknown }: Tally) =>
  `${calls} calls in ${histories} histories, ${kills} nodes killed, ${unknown} answers lost`

/** A line for each tenth of a long run. */
function createProgress(): (played: Tally) => void {
  let told = 0
  return (played) => {
    const tenth = Math.floor((10 * played.calls) / calls)
    if (isLong && tenth > told) console.log(`      … ${describePlayed(played)}`)
    told = tenth
  }
}
