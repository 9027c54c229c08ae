import { dropConnection, runStatement } from './mysql-client.js'
import { type MysqlConnection, watchTransactions } from './mysql-connection.js'
import { DatabaseSessionError } from './unavailable.js'

/** How long making a session may take; with the driver's own limit for connecting, before anybody waits for a query. */
const mostMilliseconds = 5000

/**
 * Settings of a session that change what our statements mean, whatever the server's own are. Strict, as text that is
 * too long must be refused, not cut off; zero dates are allowed, as old shops write them; every other mode is off
 * (NO_BACKSLASH_ESCAPES, ANSI_QUOTES, EMPTY_STRING_IS_NULL, SIMULTANEOUS_ASSIGNMENT, …).
 */
const settings = {
  sql_mode: 'STRICT_TRANS_TABLES,NO_ENGINE_SUBSTITUTION',
  // A statement outside a transaction is committed, and a commit starts no other transaction.
  autocommit: 1,
  completion_type: 'NO_CHAIN',
  // `id IS NULL` means what it says; no limit is added to a read, and none to what a write may change.
  sql_auto_is_null: 0,
  sql_select_limit: '18446744073709551615',
  sql_safe_updates: 0,
  foreign_key_checks: 1,
  unique_checks: 1,
} as const

const charset = { names: 'utf8mb4', collation: 'utf8mb4_general_ci' } as const

/** What `SHOW VARIABLES` shows afterwards, by name; of two names of one setting a server knows one or both. */
function wantedVariables(zone: string): Readonly<Record<string, string>> {
  return {
    sql_mode: settings.sql_mode,
    time_zone: zone,
    transaction_isolation: 'READ-COMMITTED',
    tx_isolation: 'READ-COMMITTED',
    character_set_client: charset.names,
    character_set_connection: charset.names,
    character_set_results: charset.names,
    collation_connection: charset.collation,
    autocommit: 'ON',
    completion_type: settings.completion_type,
    sql_auto_is_null: 'OFF',
    sql_select_limit: settings.sql_select_limit,
    sql_safe_updates: 'OFF',
    foreign_key_checks: 'ON',
    unique_checks: 'ON',
  }
}

interface SessionOptions {
  /** A name or an offset that the server knows. */
  readonly zone: string
  /** Seconds that a statement waits for a lock of another; undefined: what the server says. */
  readonly lockSeconds: number | undefined
  /** On a node of a Galera cluster: whether it first applies what others have committed. */
  readonly isCausal: boolean
}

/**
 * Of Galera: reads and the beginning of a transaction wait (1), and so do changes and removals (2), for all that was
 * committed anywhere before. An insert needs not wait: whatever it would collide with refuses it at the commit.
 */
const causality = 3

/**
 * Makes a new connection's session ours, and looks whether it is. READ COMMITTED takes no gap locks, so parallel
 * inserts of different keys don't deadlock. Tells whether the server is a node of a Galera cluster.
 *
 * @throws DatabaseSessionError, and what the driver throws; the connection is dropped then
 */
export async function beginSession(
  connection: MysqlConnection,
  { zone, lockSeconds, isCausal }: SessionOptions,
): Promise<boolean> {
  const ask = async (sql: string) =>
    (await runStatement(connection, { sql }, { milliseconds: mostMilliseconds }))[0]
  const wanted = wantedVariables(zone)
  const values = Object.entries({ ...settings, time_zone: zone }).map(([name, value]) =>
    typeof value === 'number' || name === 'sql_select_limit' ? `${name} = ${value}` : `${name} = '${value}'`,
  )
  if (lockSeconds !== undefined) values.push(`innodb_lock_wait_timeout = ${lockSeconds}`)
  try {
    await ask(`SET NAMES ${charset.names} COLLATE ${charset.collation}`)
    await ask('SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED')
    await ask(`SET SESSION ${values.join(', ')}`)
    const names = [...Object.keys(wanted), 'wsrep_on'].map((name) => `'${name}'`)
    const rows = await ask(`SHOW SESSION VARIABLES WHERE variable_name IN (${names.join(', ')})`)
    const { cluster, others } = divide(rows as readonly VariableRow[])
    requireSettings(wanted, others)
    if (cluster) watchTransactions(connection)
    if (isCausal && cluster) await ask(`SET SESSION wsrep_sync_wait = ${causality}`)
    return cluster
  } catch (error) {
    dropConnection(connection, error)
    throw error
  }
}

interface VariableRow {
  readonly Variable_name: string
  readonly Value: string
}

/** Whether the server is a node of a Galera cluster, and what it says besides. */
function divide(rows: readonly VariableRow[]) {
  const isOfCluster = ({ Variable_name }: VariableRow) => Variable_name === 'wsrep_on'
  return {
    cluster: rows.find(isOfCluster)?.Value === 'ON',
    others: rows.filter((row) => !isOfCluster(row)),
  }
}

function requireSettings(wanted: Readonly<Record<string, string>>, rows: readonly VariableRow[]): void {
  const problems = rows
    .map((row) => ({ name: row.Variable_name.toLowerCase(), found: row.Value }))
    .filter(({ name, found }) => !isSame(wanted[name], found))
    .map(({ name, found }) => `${name} is ${found}, wanted ${wanted[name]}`)
  if (problems.length > 0)
    throw new DatabaseSessionError(`the database does not keep a session's settings: ${problems.join('; ')}`)
}

/** A list of modes is shown in an order of the server's own. */
function isSame(wanted: string | undefined, found: string): boolean {
  const sorted = (list: string) => list.split(',').sort().join(',')
  return wanted !== undefined && sorted(wanted) === sorted(found)
}
