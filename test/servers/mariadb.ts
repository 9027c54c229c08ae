import { randomBytes } from 'node:crypto'
import { cp, mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { type Connection, createConnection } from 'mysql2/promise'
import { makePrivateFolder, removePrivateFolder } from './processes/leftovers.js'
import { madeOnce } from './run-folder.js'
import { findProgram, freePort, type RunningProcess, runToEnd, startProcess } from './processes/process.js'

const CONNECT_TIMEOUT_MS = 2_000
/** A database still in use by a forgotten transaction fails its removal after this, rather than hanging. */
const DROP_TIMEOUT_SECONDS = 10

// Small buffers and files for a fast start. What a committed row is worth stays as on a real server:
// innodb_flush_log_at_trx_commit keeps its default of 1.
const ENGINE_OPTIONS = [
  '--innodb-buffer-pool-size=32M',
  '--innodb-log-file-size=8M',
  '--innodb-buffer-pool-dump-at-shutdown=OFF',
  '--innodb-buffer-pool-load-at-startup=OFF',
  '--aria-pagecache-buffer-size=8M',
  '--key-buffer-size=1M',
  '--performance-schema=OFF',
  // Each suite has some sixty tables of its own: as files, with statistics in tables, they take three times as long to make.
  '--innodb-file-per-table=OFF',
  '--innodb-stats-persistent=OFF',
]

/** A MariaDB server of this run's own. */
export type Mariadb = {
  readonly port: number
  /** Of the server's process as it runs now. */
  readonly pid: number
  /** Makes a database, empty or of the tables that SQL makes, and gives its `mysql://` URL. */
  createDatabase(tables?: string): Promise<string>
  /** Removes a database made by `createDatabase`. */
  dropDatabase(url: string): Promise<void>
  /** Ends the server as a crash would. */
  kill(): Promise<void>
  /** Starts the server again on the same port and data, after an orderly stop if it is up. */
  restart(): Promise<void>
  /** Stands still, as a machine does that swaps or a disk that hangs: connections stay open, nothing is answered. */
  pause(): void
  resume(): void
  /** Runs SQL as its administrator, as for its global settings. */
  run(sql: string): Promise<void>
  /** Ends the server and removes its data. */
  stop(): Promise<void>
}

/**
 * Starts a MariaDB server with a private, empty data folder on a free loopback port, or with the one that `fill` makes
 * where it is told.
 */
export async function startMariadb(fill: (data: string) => Promise<void> = copyEmpty): Promise<Mariadb> {
  const folder = makePrivateFolder('mariadb')
  try {
    const data = join(folder, 'data')
    await fill(data)
    const port = await freePort()
    return control(folder, port, () => launch(data, port), await launch(data, port))
  } catch (error) {
    await removePrivateFolder(folder)
    throw error
  }
}

async function copyEmpty(data: string): Promise<void> {
  await cp(await madeOnce('mariadb', installMariadb), data, { recursive: true })
}

function control(
  folder: string,
  port: number,
  start: () => Promise<RunningProcess>,
  started: RunningProcess,
): Mariadb {
  let server = started
  return {
    port,
    get pid() {
      return server.pid
    },
    createDatabase: (tables = '') => createDatabase(port, tables),
    dropDatabase: (url) => dropDatabase(port, url),
    kill: async () => {
      await server.kill()
    },
    restart: async () => {
      await server.stop()
      server = await start()
    },
    pause: () => process.kill(server.pid, 'SIGSTOP'),
    resume: () => process.kill(server.pid, 'SIGCONT'),
    run: (sql) => asRoot(port, async (connection) => void (await connection.query(sql))),
    stop: async () => {
      await server.stop()
      await removePrivateFolder(folder)
    },
  }
}

/** Makes the data folder of a server that nobody has used. */
export async function installMariadb(data: string): Promise<void> {
  await mkdir(data, { mode: 0o700 })
  await runToEnd({
    command: requiredPath('mariadb-install-db'),
    args: [
      '--no-defaults',
      `--datadir=${data}`,
      `--tmpdir=${data}`,
      ...userOption(),
      '--auth-root-authentication-method=normal',
      '--skip-test-db',
      '--skip-name-resolve',
      ...ENGINE_OPTIONS,
    ],
  })
}

function launch(data: string, port: number): Promise<RunningProcess> {
  const args = ['--no-defaults', ...serverOptions(data, port)]
  return startProcess({ command: requiredPath('mariadbd'), args, cwd: data }, () => answers(port))
}

/** What a server of tests is told, beside what its configuration file says. */
export function serverOptions(data: string, port: number): string[] {
  return [
    `--datadir=${data}`,
    ...userOption(),
    '--bind-address=127.0.0.1',
    `--port=${port}`,
    // A server that starts deletes the temporary tables it finds: those of others must not be there.
    `--tmpdir=${data}`,
    // Relative to the data folder: the system limits the length of a socket's full path.
    '--socket=mariadb.sock',
    '--pid-file=mariadb.pid',
    '--skip-name-resolve',
    '--skip-ssl',
    '--max-connections=400',
    '--character-set-server=utf8mb4',
    '--collation-server=utf8mb4_general_ci',
    ...ENGINE_OPTIONS,
  ]
}

/** MariaDB refuses to run as root unless told that this is meant. */
function userOption(): string[] {
  return process.getuid?.() === 0 ? ['--user=root'] : []
}

/** The path of a program; throws when it is not installed. */
export function requiredPath(program: string): string {
  const path = findProgram(program)
  if (path === undefined) throw new Error(`${program} is not installed`)
  return path
}

async function answers(port: number): Promise<boolean> {
  await asRoot(port, (connection) => connection.query('SELECT 1'))
  return true
}

/** Makes a database, empty or of the tables that SQL makes, and gives its `mysql://` URL. */
export async function createDatabase(port: number, tables: string): Promise<string> {
  const name = `passport_${randomBytes(6).toString('hex')}`
  await asRoot(port, (connection) => connection.query(`CREATE DATABASE ${name}; USE ${name}; ${tables}`))
  return `mysql://root@127.0.0.1:${port}/${name}`
}

/** Removes a database made by `createDatabase`. */
export async function dropDatabase(port: number, url: string): Promise<void> {
  const name = new URL(url).pathname.slice(1)
  await asRoot(port, async (connection) => {
    await connection.query(`SET lock_wait_timeout = ${DROP_TIMEOUT_SECONDS}`)
    await connection.query('DROP DATABASE ??', [name])
  })
}

/** Lends a connection of the server's administrator. */
export async function asRoot<Result>(
  port: number,
  work: (root: Connection) => Promise<Result>,
): Promise<Result> {
  const host = '127.0.0.1'
  const connection = await createConnection({
    host,
    port,
    user: 'root',
    connectTimeout: CONNECT_TIMEOUT_MS,
    multipleStatements: true,
  })
  try {
    return await work(connection)
  } finally {
    connection.destroy()
  }
}
