import type { DatabaseTarget } from './connect.js'
import { explainTlsError } from './mysql-tls.js'

/** What a database said of a failed statement, without any value. */
export interface DatabaseWords {
  readonly code: string
  /** Its message; what stands in quotes may be a value and is shown as three dots, unless it is a name. */
  readonly words: string
  /** Such as `insert`; empty if the statement is not known. */
  readonly statement: string
  readonly table: string
}

/** Messages whose quotes hold names, of tables, columns, users and databases, and no values. */
const namingCodes: ReadonlySet<string> = new Set([
  'ER_ACCESS_DENIED_ERROR',
  'ER_ACCESS_DENIED_NO_PASSWORD_ERROR',
  'ER_BAD_DB_ERROR',
  'ER_BAD_FIELD_ERROR',
  'ER_BAD_NULL_ERROR',
  'ER_COLUMNACCESS_DENIED_ERROR',
  'ER_DATA_TOO_LONG',
  'ER_DBACCESS_DENIED_ERROR',
  'ER_DUP_FIELDNAME',
  'ER_DUP_KEYNAME',
  'ER_HOST_IS_BLOCKED',
  'ER_HOST_NOT_PRIVILEGED',
  'ER_NO_DEFAULT_FOR_FIELD',
  'ER_NO_SUCH_TABLE',
  'ER_OPTION_PREVENTS_STATEMENT',
  'ER_TABLE_EXISTS_ERROR',
  'ER_TABLEACCESS_DENIED_ERROR',
  'ER_TOO_MANY_USER_CONNECTIONS',
  'ER_UNKNOWN_COLLATION',
  'ER_USER_LIMIT_REACHED',
  'ER_WARN_DATA_OUT_OF_RANGE',
])

/** Only what stands before any value: a table is named in the beginning or, by a query without values before it, later. */
const statementForm =
  /^\s*(insert|update|delete|replace|select|alter|create|drop)\b(?:[^'"?]*?\b(?:into|from|table|join))?\s+[`"]?(\w+)/i

/** Reads the error of a statement or a connection. */
export function databaseWords(error: Error): DatabaseWords {
  const code = 'code' in error ? String(error.code) : error.name
  const sql = 'sql' in error ? String(error.sql) : error.message
  const [, statement = '', table = ''] = statementForm.exec(sql) ?? []
  return { code, words: wordsOf(error, code), statement: statement.toLowerCase(), table }
}

/** knex writes the statement with its values before the message: what the driver said comes last. */
function wordsOf(error: Error, code: string): string {
  if ('sqlMessage' in error && typeof error.sqlMessage === 'string')
    return withoutValues(error.sqlMessage, code)
  const tls = explainTlsError(error)
  if (tls !== undefined) return tls
  const [, sqlite = ''] = /^[\s\S]* - (?:SQLITE_\w+: )?([^\n]*)$/.exec(error.message) ?? []
  if (code.startsWith('SQLITE_'))
    return sqliteWords.test(sqlite || error.message) ? sqlite || error.message : ''
  return ''
}

/** What SQLite says without quoting a value: names of tables and columns stand bare. */
const sqliteWords =
  /^(?:too many |no such |unable to open|file is not a database|database (?:is locked|disk image|or disk)|attempt to write|disk I\/O|out of memory|(?:UNIQUE|NOT NULL|CHECK|FOREIGN KEY) constraint failed|table \S+ has|constraint failed)[^'"]*$/

/** What stands between the first quote and the last may hold anything, quotes too; only the key at the end is a name. */
function withoutValues(message: string, code: string): string {
  if (namingCodes.has(code)) return message
  const key = / for key '[\w.]+'$/.exec(message)?.[0] ?? ''
  const rest = message.slice(0, message.length - key.length)
  const first = rest.indexOf("'")
  return first === -1 ? message : `${rest.slice(0, first)}'…'${rest.slice(rest.lastIndexOf("'") + 1)}${key}`
}

/** Where the database is, for an operator: host, port, user and name, or the file; never the password. */
export function describeTarget(target: DatabaseTarget): string {
  if (target.kind === 'sqlite') return target.file === ':memory:' ? 'in memory' : `file ${target.file}`
  const { username, pathname } = new URL(target.url)
  const name = decodeURIComponent(pathname.slice(1))
  const hosts = [target.url, ...(target.fallbackUrls ?? [])].map((url) => new URL(url))
  const places = hosts.map(({ hostname, port }) => `host ${hostname}, port ${port || '3306'}`)
  return `${places.join(', or ')}, user ${decodeURIComponent(username) || '(none)'}, database ${name || '(none)'}`
}

/** One line of what a database said, for an operator. */
export function explainDatabaseError(error: Error): string {
  const { code, words, statement, table } = databaseWords(error)
  const where = table === '' ? '' : ` (${statement}, table ${table})`
  return `${words === '' ? '' : `${words} `}[${code}]${where}`
}
