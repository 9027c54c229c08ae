import { dropConnection, runStatement } from './mysql-client.js'
import type { MysqlConnection } from './mysql-connection.js'
import { createTlsReader, type DriverTls, type TlsFiles } from './mysql-tls.js'
import { isUnreachable } from './unavailable.js'

/** A database of MySQL's protocol, on one server or on several that hold the same data. */
export interface MysqlTarget {
  readonly kind: 'mysql'
  readonly url: string
  /** Of further servers, used in this order while those before take no writes. */
  readonly fallbackUrls?: readonly string[]
  /** Absent: nothing is encrypted. */
  readonly tls?: TlsFiles
}

/** How the driver is told where to connect to. */
interface Place {
  readonly uri: string
  readonly connectTimeout: number
  readonly ssl?: DriverTls
}

/** Makes a connection of the driver, with our own settings beside the place. */
type Open = (place: Place) => Promise<MysqlConnection>

const connectMilliseconds = 5000
/** With several servers: whoever waits for a connection has time for the next one too. */
const shortMilliseconds = 1500
const lookBackMilliseconds = 5000

/**
 * The servers of one pool. One is used at a time: the first, as long as it takes writes. When a new connection to it
 * fails, or only reads, those after it are tried, and the one that takes writes is used by all of the pool: connections
 * to others are not lent again. Meanwhile those before it are tried every five seconds, and used again when they take
 * writes. A single server is used whatever it says.
 */
export class MysqlServers {
  readonly #urls: readonly string[]
  readonly #readTls: (() => DriverTls) | undefined
  readonly #servers = new WeakMap<MysqlConnection, number>()
  #used = 0
  #timer: NodeJS.Timeout | undefined
  #listener: (host: string) => void = () => {}

  constructor({ url, fallbackUrls = [], tls }: MysqlTarget) {
    this.#urls = [url, ...fallbackUrls]
    this.#readTls = tls && createTlsReader(tls)
  }

  /** Calls `listener` with host and port whenever another server is used from now on. */
  onChange(listener: (host: string) => void): void {
    this.#listener = listener
  }

  /** Connects to the server in use, or to the first of the others that takes writes. Throws why none does. */
  async connect(open: Open): Promise<MysqlConnection> {
    const failures: unknown[] = []
    const used = this.#used
    for (const server of [used, ...this.#urls.keys()].filter((at, place) => place === 0 || at !== used)) {
      try {
        const connection = await this.#connectTo(server, open)
        // While this one was made, another may have been found that is to be used: then this one is lent once.
        if (this.#used === used) this.#use(server, open)
        return connection
      } catch (error) {
        failures.push(error)
      }
    }
    // One that answered, if only to refuse, says more than those that did not.
    throw failures.find((error) => !isUnreachable(error)) ?? failures[0]
  }

  /** Whether a connection leads to the server in use. */
  isCurrent(connection: MysqlConnection): boolean {
    return this.#servers.get(connection) === this.#used
  }

  /** No server is tried any more. */
  close(): void {
    clearInterval(this.#timer)
    this.#timer = undefined
  }

  async #connectTo(server: number, open: Open): Promise<MysqlConnection> {
    const uri = this.#urls[server] ?? ''
    const isAlone = this.#urls.length === 1
    const ssl = this.#readTls?.()
    const connection = await open({
      uri,
      connectTimeout: isAlone ? connectMilliseconds : shortMilliseconds,
      ...(ssl && { ssl }),
    })
    if (!isAlone) await requireWrites(connection)
    this.#servers.set(connection, server)
    return connection
  }

  #use(server: number, open: Open): void {
    if (server === this.#used) return
    this.#used = server
    this.close()
    if (server > 0) this.#timer = setInterval(() => void this.#lookBack(open), lookBackMilliseconds).unref()
    this.#listener(new URL(this.#urls[server] ?? '').host)
  }

  /** Uses the first of the servers before the one in use that takes writes again. */
  async #lookBack(open: Open): Promise<void> {
    const used = this.#used
    for (let server = 0; server < used; server++) {
      try {
        dropConnection(await this.#connectTo(server, open), undefined)
      } catch {
        continue
      }
      if (this.#timer && this.#used === used) this.#use(server, open)
      return
    }
  }
}

/**
 * Throws when a server does not take a write that changes nothing: it only reads, or is cut off from its cluster. The
 * table is absent before the first start, which is no reason to leave.
 */
async function requireWrites(connection: MysqlConnection): Promise<void> {
  try {
    const sql = 'UPDATE gateway_migration_lease SET holder = holder WHERE id = 0'
    await runStatement(connection, { sql }, { milliseconds: shortMilliseconds })
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ER_NO_SUCH_TABLE') return
    dropConnection(connection, error)
    throw error
  }
}
