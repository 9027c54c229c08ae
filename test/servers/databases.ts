import { join } from 'node:path'
import { requireProgram } from './available.js'
import { atEndOfRun } from './processes/end-of-run.js'
import { makePrivateFolder, removePrivateFolder } from './processes/leftovers.js'
import { type Mariadb, startMariadb } from './mariadb.js'

const START_TIMEOUT_MS = 60_000

/** The database a suite runs on. */
export type TestDatabase = {
  readonly kind: 'sqlite' | 'mysql'
  /** The URL of a database that was empty when the suite began; only there inside hooks and tests. */
  readonly url: string
}

type Provision = { readonly url: string; remove(): Promise<void> }
type Provider = {
  readonly kind: TestDatabase['kind']
  readonly label: string
  provide(context: Mocha.Context): Promise<Provision>
}

const PROVIDERS: readonly Provider[] = [
  { kind: 'sqlite', label: 'SQLite', provide: provideSqlite },
  { kind: 'mysql', label: 'MariaDB', provide: provideMariadb },
]

let shared: Promise<Mariadb> | undefined

/**
 * Defines a suite once for each kind of database, each time on an empty one that is removed afterwards.
 * TEST_DATABASE=sqlite or mysql narrows this to one kind for quick runs.
 */
export function onEachDatabase(
  title: string,
  body: (this: Mocha.Suite, database: TestDatabase) => void,
): void {
  for (const provider of wantedProviders(process.env['TEST_DATABASE'])) {
    describe(`${title} [${provider.label}]`, function () {
      let provision: Provision | undefined
      before(async function () {
        this.timeout(START_TIMEOUT_MS)
        provision = await provider.provide(this)
      })
      body.call(this, {
        kind: provider.kind,
        get url() {
          if (provision === undefined) throw new Error('the database is only there inside hooks and tests')
          return provision.url
        },
      })
      // Mocha runs these in the order they are defined: what the suite does afterwards still has a database.
      after(async () => {
        await provision?.remove()
      })
    })
  }
}

function wantedProviders(wanted: string | undefined): readonly Provider[] {
  if (wanted === undefined || wanted === '') return PROVIDERS
  const providers = PROVIDERS.filter(({ kind }) => kind === wanted)
  if (providers.length === 0) throw new Error(`TEST_DATABASE must be sqlite or mysql, not ${wanted}`)
  return providers
}

async function provideSqlite(): Promise<Provision> {
  const folder = makePrivateFolder('sqlite')
  return { url: `sqlite:${join(folder, 'passport.db')}`, remove: () => removePrivateFolder(folder) }
}

async function provideMariadb(context: Mocha.Context): Promise<Provision> {
  requireProgram(context, 'mariadbd')
  const mariadb = await sharedMariadb()
  const url = await mariadb.createDatabase()
  return { url, remove: () => mariadb.dropDatabase(url) }
}

/** The one MariaDB server of the run: started when first asked for, stopped after the last test. */
export function sharedMariadb(): Promise<Mariadb> {
  shared ??= startMariadb().then((mariadb) => {
    atEndOfRun(() => mariadb.stop())
    return mariadb
  })
  return shared
}
