// knex publishes no types for the two classes that db/knex-internals.ts extends.
declare module 'knex/lib/dialects/better-sqlite3/index.js' {
  import type Transaction from 'knex/lib/execution/transaction.js'

  export default class BetterSqlite3Client {
    _driver(): unknown
    _query(connection: unknown, statement: unknown): Promise<unknown>
    transaction(...args: [unknown, unknown, unknown]): Transaction
  }
}

declare module 'knex/lib/execution/transaction.js' {
  export default class Transaction {
    constructor(client: unknown, ...args: [unknown, unknown, unknown])
    begin(connection: unknown): Promise<unknown>
    query(connection: unknown, sql: string): Promise<unknown>
  }
}
