import { join } from 'node:path'
import { connect } from '../../db/connect.js'
import { migrate } from '../../db/migrate.js'
import { requireProgram } from './available.js'
import { atPort, type Galera, startGalera } from './cluster/galera.js'
import { atEndOfRun } from './processes/end-of-run.js'
import { makePrivateFolder, removePrivateFolder } from './processes/leftovers.js'
import { type Mariadb, startMariadb } from './mariadb.js'
import { copySqliteTemplate, readMariadbTemplate } from './templates.js'

const START_TIMEOUT_MS = 60_000

/** The database a suite runs on. */
export type TestDatabase = {
  readonly kind: 'sqlite' | 'mysql'
  /** The URL of a database that nobody has used when the suite begins; only there inside hooks and tests. */
  readonly url: string
  /** The same database on each node of a cluster. */
  readonly nodeUrls?: readonly string[] | undefined
}

type Content = 'migrated' | 'empty'
type Provision = { readonly url: string; readonly nodeUrls?: readonly string[]; remove(): Promise<void> }
type Provider = {
  readonly kind: TestDatabase['kind']
  readonly label: string
  provide(content: Content, context: Mocha.Context): Promise<Provision>
}
export type SuiteBody = (this: Mocha.Suite, database: TestDatabase) => void

const PROVIDERS: readonly Provider[] = [
  { kind: 'sqlite', label: 'SQLite', provide: provideSqlite },
  { kind: 'mysql', label: 'MariaDB', provide: provideMariadb },
]

/** Only where TEST_DATABASE names it: three servers, of which the gateway of an ordinary test uses the first. */
const CLUSTER: Provider = { kind: 'mysql', label: 'Galera', provide: provideGalera }

let sharedCluster: Promise<Galera> | undefined
let shared: Promise<Mariadb> | undefined
let template: Promise<string> | undefined

/**
 * Defines a suite once for each kind of database, each time on a new one with this version's tables that is removed
 * afterwards. TEST_DATABASE=sqlite or mysql narrows this to one kind for quick runs; TEST_DATABASE=galera takes a cluster
 * instead.
 */
export function onEachDatabase(title: string, body: SuiteBody): void {
  defineSuites(title, 'migrated', body)
}

/** As `onEachDatabase`, for suites that make the tables themselves: the database has none. */
export function onEachEmptyDatabase(title: string, body: SuiteBody): void {
  defineSuites(title, 'empty', body)
}

/** Defines a suite on a cluster of three servers, on a new database with this version's tables, removed afterwards. */
export function onCluster(title: string, body: SuiteBody): void {
  defineProvided(title, CLUSTER, 'migrated', body)
}

/** Defines a suite on an empty database of MariaDB, as an old shop has it, removed afterwards. */
export function onEmptyMariadb(title: string, body: SuiteBody): void {
  defineSuite(title, { kind: 'mysql', provide: (context) => provideMariadb('empty', context) }, body)
}

function defineSuites(title: string, content: Content, body: SuiteBody): void {
  for (const provider of wantedProviders(process.env['TEST_DATABASE']))
    defineProvided(title, provider, content, body)
}

function defineProvided(title: string, provider: Provider, content: Content, body: SuiteBody): void {
  const provide = (context: Mocha.Context) => provider.provide(content, context)
  defineSuite(`${title} [${provider.label}]`, { kind: provider.kind, provide }, body)
}

function defineSuite(
  title: string,
  {
    kind,
    provide,
  }: Pick<TestDatabase, 'kind'> & {
    readonly provide: (context: Mocha.Context) => Promise<Provision>
  },
  body: SuiteBody,
): void {
  describe(title, function () {
    let provision: Provision | undefined
    before(async function () {
      this.timeout(START_TIMEOUT_MS)
      provision = await provide(this)
    })
    body.call(this, {
      kind,
      get url() {
        if (provision === undefined) throw new Error('the database is only there inside hooks and tests')
        return provision.url
      },
      get nodeUrls() {
        return provision?.nodeUrls
      },
    })
    // Mocha runs these in the order they are defined: what the suite does afterwards still has a database.
    after(async () => {
      await provision?.remove()
    })
  })
}

function wantedProviders(wanted: string | undefined): readonly Provider[] {
  if (wanted === undefined || wanted === '') return PROVIDERS
  if (wanted === 'galera') return [CLUSTER]
  const providers = PROVIDERS.filter(({ kind }) => kind === wanted)
  if (providers.length === 0) throw new Error(`TEST_DATABASE must be sqlite, mysql or galera, not ${wanted}`)
  return providers
}

/** A new SQLite database, for a suite that needs one of that kind only. */
export async function provideSqlite(content: Content): Promise<Provision> {
  const folder = makePrivateFolder('sqlite')
  const file = join(folder, 'passport.db')
  if (content === 'migrated') await copySqliteTemplate(file)
  return { url: `sqlite:${file}`, remove: () => removePrivateFolder(folder) }
}

async function provideMariadb(content: Content, context: Mocha.Context): Promise<Provision> {
  requireProgram(context, 'mariadbd')
  const mariadb = await sharedMariadb()
  if (content === 'migrated') template ??= readMariadbTemplate(mariadb)
  const url = await mariadb.createDatabase(content === 'migrated' ? await template : undefined)
  return { url, remove: () => mariadb.dropDatabase(url) }
}

async function provideGalera(content: Content, context: Mocha.Context): Promise<Provision> {
  for (const name of ['mariadbd', 'galera-4'] as const) requireProgram(context, name)
  sharedCluster ??= startGalera().then((galera) => {
    atEndOfRun(() => galera.stop())
    return galera
  })
  const galera = await sharedCluster
  const url = await galera.createDatabase()
  if (content === 'migrated') {
    const db = connect({ kind: 'mysql', url })
    try {
      await migrate(db)
    } finally {
      await db.destroy()
    }
  }
  const nodeUrls = galera.nodes.map(({ port }) => atPort(url, port))
  return { url, nodeUrls, remove: () => galera.dropDatabase(url) }
}

/** The one MariaDB server of the process: started when first asked for, stopped after the last test. */
export function sharedMariadb(): Promise<Mariadb> {
  shared ??= startMariadb().then((mariadb) => {
    atEndOfRun(() => mariadb.stop())
    return mariadb
  })
  return shared
}
