/** A database that does not take, or keep, the settings of a session that we rely on; the message names them. */
export class DatabaseSessionError extends Error {
  override readonly name = 'DatabaseSessionError'
}

/** The database can't be reached, or its connection broke. */
const unreachable = [
  'ECONNREFUSED',
  'ECONNRESET',
  'ECONNABORTED',
  'EPIPE',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'EHOSTDOWN',
  'ENETUNREACH',
  'ENOTFOUND',
  'EAI_AGAIN',
  'PROTOCOL_CONNECTION_LOST',
  'PROTOCOL_SEQUENCE_TIMEOUT',
  'ER_NET_READ_ERROR',
  'ER_NET_READ_INTERRUPTED',
  'ER_NET_ERROR_ON_WRITE',
  'ER_NET_WRITE_INTERRUPTED',
  'ER_NEW_ABORTING_CONNECTION',
  'ER_CLIENT_INTERACTION_TIMEOUT',
]

/** A statement, or a new connection, was not answered in its time. */
const waitedInVain = ['PROTOCOL_SEQUENCE_TIMEOUT', 'ETIMEDOUT']

/** It has had enough of this user: so many statements an hour. What it says to one who connects is told otherwise. */
const refusing = ['ER_CON_COUNT_ERROR', 'ER_TOO_MANY_USER_CONNECTIONS', 'ER_USER_LIMIT_REACHED']

/** It only reads, or is going: what a server is told at a fail-over. A new connection may find its successor. */
const leaving = [
  'ER_OPTION_PREVENTS_STATEMENT',
  'ER_CANT_EXECUTE_IN_READ_ONLY_TRANSACTION',
  'ER_READ_ONLY_MODE',
  'ER_SERVER_OFFLINE_MODE',
  'ER_SERVER_SHUTDOWN',
  'ER_NORMAL_SHUTDOWN',
  'ER_CONNECTION_KILLED',
  // Galera: this node is not, or no more, part of the cluster.
  'ER_UNKNOWN_COM_ERROR',
]

/**
 * It has rolled the transaction back for another's sake, which the same transaction may not meet again: deadlock, lock
 * wait, and what a cluster finds out at the commit (Galera, 1180; Group Replication, 3101).
 */
const rolledBack = [
  'ER_LOCK_DEADLOCK',
  'ER_LOCK_WAIT_TIMEOUT',
  'ER_CHECKREAD',
  'ER_ERROR_DURING_COMMIT',
  'ER_TRANSACTION_ROLLBACK_DURING_COMMIT',
]

/** It is too busy, or has no room: it may have some later. */
const overloaded = [
  ...rolledBack,
  'ER_QUERY_INTERRUPTED',
  'ER_QUERY_TIMEOUT',
  'ER_MAX_PREPARED_STMT_COUNT_REACHED',
  'ER_CANT_CREATE_THREAD',
  'ER_OUT_OF_RESOURCES',
  'ER_OUTOFMEMORY',
  'ER_DISK_FULL',
  'ER_RECORD_FILE_FULL',
]

/** Numbers of MariaDB's for which the driver has no name: killed, and past max_statement_time. */
const killed = 1927
const pastStatementTime = 1969

/** TiDB's: a write conflict, or the schema changed; then the same transaction may be run again. */
const rolledBackByTidb = [8002, 8022, 8028, 9007]
/** TiDB's: its placement driver or a store does not answer, or is busy, or a region has no leader. */
const tidbBusy = [9001, 9002, 9003, 9005]

const unavailableNumbers = [killed, pastStatementTime, ...rolledBackByTidb, ...tidbBusy]
/** It takes reads only, or, of SQLite, lies where nothing can be written. */
const readOnly = [
  'ER_OPTION_PREVENTS_STATEMENT',
  'ER_CANT_EXECUTE_IN_READ_ONLY_TRANSACTION',
  'ER_READ_ONLY_MODE',
  'SQLITE_READONLY',
]

const unavailableCodes = new Set([...unreachable, ...refusing, ...leaving, ...overloaded])
const leavingCodes = new Set(leaving)

/** Of SQLite: held by another process, on a disk that is full, broken, read-only or gone. */
const unavailableSqlite =
  /^SQLITE_(?:BUSY|LOCKED|READONLY|FULL|IOERR|CANTOPEN|NOMEM|PROTOCOL|INTERRUPT)(?:_|$)/

/** Whether an error says that the database can't be reached, only reads or is too busy just now: a retry may help. */
export function isDatabaseUnavailable(error: unknown): boolean {
  if (!(error instanceof Error)) return false
  if (error.name === 'KnexTimeoutError' || error instanceof DatabaseSessionError) return true
  if ('whileConnecting' in error) return true
  const code = codeOf(error)
  if (unavailableCodes.has(code) || unavailableSqlite.test(code)) return true
  if (unavailableNumbers.some((number) => isNumbered(error, number))) return true
  return isClosed(error)
}

/** Whether an error says that nothing of a transaction was kept, and that it may be run again. */
export function isRolledBack(error: unknown): boolean {
  return isRolledBackForOthers(error) || (error instanceof Error && codeOf(error) === 'SQLITE_BUSY')
}

function isRolledBackForOthers(error: unknown): boolean {
  if (!(error instanceof Error)) return false
  return rolledBack.includes(codeOf(error)) || rolledBackByTidb.some((number) => isNumbered(error, number))
}

/**
 * Whether an error says that other calls were in the way for too long, and nothing is out of order: they wrote the same
 * rows, or were served by all of the pool's connections. What is in the way in SQLite is another process.
 */
export function isContended(error: unknown): boolean {
  if (isRolledBackForOthers(error)) return true
  return error instanceof Error && error.name === 'KnexTimeoutError' && 'whileOthersWereServed' in error
}

/** Whether an error says that the database takes no writes, though it may answer reads. */
export function isReadOnly(error: unknown): boolean {
  return error instanceof Error && readOnly.includes(codeOf(error))
}

/** Whether an error says that there is no way to the database. */
export function isUnreachable(error: unknown): boolean {
  return error instanceof Error && unreachable.includes(codeOf(error))
}

/** Whether an error says that this connection's server takes no more work, though another one may. */
export function isOutOfService(error: unknown): boolean {
  return error instanceof Error && (leavingCodes.has(codeOf(error)) || isNumbered(error, killed))
}

/**
 * Whether an error says that a connection, or the server at its other end, is gone, so that another connection may do
 * better. A server that was waited for in vain is not asked again: it has had its time.
 */
export function isLost(error: unknown): boolean {
  if (!(error instanceof Error) || waitedInVain.includes(codeOf(error))) return false
  return isUnreachable(error) || isOutOfService(error) || isClosed(error)
}

/** What the driver says has no code, unlike what a server says of a statement whose values a caller wrote. */
function isClosed(error: Error): boolean {
  if (codeOf(error) !== '') return false
  return /connection is in closed state|Connection lost|Can't add new command/i.test(error.message)
}

/** Whether an error comes from the database at all; its message may hold values and must not be shown. */
export function isDatabaseError(error: unknown): boolean {
  if (isDatabaseUnavailable(error)) return true
  return error instanceof Error && (/^(ER_|SQLITE_)/.test(codeOf(error)) || 'sqlState' in error)
}

function codeOf(error: Error): string {
  return 'code' in error ? String(error.code) : ''
}

function isNumbered(error: Error, number: number): boolean {
  return 'errno' in error && error.errno === number
}
