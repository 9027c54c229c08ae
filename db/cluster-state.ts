import type { Knex } from 'knex'
import { isMysql } from './connect.js'

/** What a database server says of the others it works with; a field is absent where there is nothing to say. */
export interface ClusterState {
  /** Nodes of Galera that see each other, this one among them. */
  readonly size?: number
  /** Whether this node of Galera takes statements. */
  readonly isReady?: boolean
  /** Seconds by which a replica is behind its source. */
  readonly lagSeconds?: number
}

interface StatusRow {
  readonly Variable_name: string
  readonly Value: string
}

/** Throws what the driver throws. A user that may not ask for the replication is told of none. */
export async function readClusterState(db: Knex): Promise<ClusterState> {
  if (!isMysql(db)) return {}
  const rows = await rowsOf<StatusRow>(
    db,
    "SHOW GLOBAL STATUS WHERE variable_name IN ('wsrep_ready', 'wsrep_cluster_size')",
  )
  const status = new Map(rows.map((row) => [row.Variable_name.toLowerCase(), row.Value]))
  const size = Number(status.get('wsrep_cluster_size') ?? 0)
  const lagSeconds = await readLag(db)
  return {
    ...(size > 0 && { size, isReady: status.get('wsrep_ready') === 'ON' }),
    ...(lagSeconds !== undefined && { lagSeconds }),
  }
}

async function readLag(db: Knex): Promise<number | undefined> {
  try {
    const [row] = await rowsOf<Record<string, unknown>>(db, 'SHOW REPLICA STATUS')
    const seconds = row?.['Seconds_Behind_Master'] ?? row?.['Seconds_Behind_Source']
    return typeof seconds === 'number' ? seconds : undefined
  } catch {
    return undefined
  }
}

async function rowsOf<Row>(db: Knex, sql: string): Promise<readonly Row[]> {
  const [rows = []]: (readonly Row[])[] = await db.raw(sql)
  return rows
}
