import { expect } from 'chai'
import { requireProgram } from '../../servers/available.js'
import { provideSqlite, sharedMariadb } from '../../servers/databases.js'
import { explain, search } from './search.js'
import { type OpenStage, openStage } from './stage.js'

const isLong = process.env['TEST_LONG'] !== undefined
// The shortest history takes a while; an ordinary run is content with having found one.
const extent = { calls: 20_000, seed: 7, kills: 0, tries: 1, longestShrinking: isLong ? 60_000 : 2000 }

/** Faults of a server that are a trigger of its database: a statement does nothing, and nobody is told. */
const faults = [
  {
    what: 'a code that is not marked as used',
    trigger: 'BEFORE DELETE ON sent_code BEGIN SELECT RAISE(IGNORE); END',
    most: 6,
  },
  {
    what: 'a default address that stays one beside the new one',
    trigger: `BEFORE UPDATE OF ud_is_default ON account_user_delivery_address WHEN NEW.ud_is_default = 0
      BEGIN SELECT RAISE(IGNORE); END`,
    most: 6,
  },
  {
    what: 'messages that stay unread',
    trigger: 'BEFORE UPDATE OF message_is_read ON account_user_message BEGIN SELECT RAISE(IGNORE); END',
    most: 6,
  },
  {
    what: 'a session that is not ended',
    trigger: 'BEFORE UPDATE OF revoked_at ON user_session BEGIN SELECT RAISE(IGNORE); END',
    most: 6,
  },
] as const

interface Finding {
  readonly rests: number
  /** Lines that the shortest history may have. */
  readonly most: number
  readonly tries?: number
  readonly longestShrinking?: number
}

async function findFault(stage: OpenStage, { most, ...more }: Finding): Promise<void> {
  const { failure, histories, calls } = await search(stage, { ...extent, ...more })
  if (!failure) throw new Error(`not found in ${calls} calls`)
  if (!isLong) return
  console.log(`${calls} calls in ${histories} histories; ${explain(extent.seed, failure)}`)
  // The first four lines of each history register its users.
  expect(failure.shortest.lines.length, failure.shortest.lines.join('\n')).to.be.at.most(4 + most)
}

describe('random histories, of a server with a fault', function () {
  this.timeout(600_000)
  let stage: OpenStage | undefined
  let remove: (() => Promise<void>) | undefined
  afterEach(async () => {
    await stage?.close()
    await remove?.()
  })

  for (const { what, trigger, most } of isLong ? faults : faults.slice(0, 1))
    it(`find ${what}`, async () => {
      const database = await provideSqlite('migrated')
      remove = () => database.remove()
      stage = await openStage({ kind: 'sqlite', databases: [database.url], redis: false })
      await stage.db.raw(`CREATE TRIGGER planted ${trigger}`)
      await findFault(stage, { rests: 0, most })
    })

  if (isLong)
    it('find a node that is not told what another has ended', async function () {
      requireProgram(this, 'mariadbd')
      const mariadb = await sharedMariadb()
      const url = await mariadb.createDatabase()
      remove = () => mariadb.dropDatabase(url)
      const untold = await openStage({ kind: 'mysql', databases: [url, url], redis: false })
      stage = { ...untold, staleness: { told: 200, untold: 3000 } }
      // Whether it shows is a matter of moments, so that shorter ones are often tried in vain.
      await findFault(stage, { rests: 60, most: 8, tries: 4, longestShrinking: 300_000 })
    })
})
