// knex publishes no types for the classes that db/ extends.
declare module 'knex/lib/dialects/better-sqlite3/index.js' {
  import type Transaction from 'knex/lib/execution/transaction.js'

  export default class BetterSqlite3Client {
    _driver(): unknown
    readonly connectionSettings: { readonly filename: string }
    readonly pool: unknown
    readonly config: { readonly statementLimit?: unknown }
    _formatBindings(bindings: readonly unknown[] | undefined): unknown[]
    _query(connection: unknown, query: unknown): Promise<unknown>
    destroy(callback?: (error?: unknown) => void): Promise<void>
    transaction(...args: [unknown, unknown, unknown]): Transaction
  }
}

declare module 'knex/lib/execution/transaction.js' {
  export default class Transaction {
    constructor(client: unknown, ...args: [unknown, unknown, unknown])
    begin(connection: unknown): Promise<unknown>
    query(connection: unknown, sql: string, status?: 1 | 2, value?: unknown): Promise<unknown>
    rollback(connection: unknown, error: unknown): Promise<unknown>
  }
}

declare module 'knex/lib/execution/runner.js' {
  export default class Runner {
    connection: unknown
    constructor(client: unknown, builder: unknown)
    run(): Promise<unknown>
  }
}

declare module 'knex/lib/dialects/mysql2/index.js' {
  import type Runner from 'knex/lib/execution/runner.js'

  export default class MysqlClient {
    readonly config: {
      readonly shopForms?: unknown
      readonly statementLimit?: unknown
      readonly followsFailOver?: unknown
      readonly servers?: unknown
    }
    readonly connectionSettings: object
    destroy(callback?: (error?: unknown) => void): Promise<void>
    /** Whether it is that of a transaction. */
    readonly transacting?: boolean
    acquireConnection(): Promise<unknown>
    acquireRawConnection(): Promise<unknown>
    destroyRawConnection(connection: unknown): Promise<void>
    releaseConnection(connection: unknown): Promise<void>
    runner(builder: unknown): Runner
    _query(connection: unknown, query: unknown): Promise<unknown>
    queryCompiler(builder: unknown, bindings: unknown): unknown
    ref(column: string): unknown
  }
}

declare module 'knex/lib/dialects/mysql/query/mysql-querycompiler.js' {
  import type MysqlClient from 'knex/lib/dialects/mysql2/index.js'

  interface Comparison {
    readonly column: unknown
    readonly value: unknown
  }

  export default class MysqlQueryCompiler {
    readonly client: MysqlClient
    single: {
      readonly table?: unknown
      readonly insert?: unknown
      readonly merge?: { readonly updates?: unknown }
    }
    constructor(client: MysqlClient, builder: unknown, bindings: unknown)
    insert(): unknown
    whereBasic(statement: Comparison): string
    whereIn(statement: Comparison): string
    _prepUpdate(values: Record<string, unknown>): unknown
  }
}
