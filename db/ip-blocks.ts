import type { Knex } from 'knex'

export interface IpBlockRow {
  /** An address or a CIDR range. */
  address: string
  reason: string
  created_at: number
  /** Milliseconds; null: until unblocked. */
  expires_at: number | null
}

declare module 'knex/types/tables.js' {
  interface Tables {
    ip_block: IpBlockRow
  }
}

export async function listIpBlocks(db: Knex, now: number): Promise<IpBlockRow[]> {
  return db('ip_block')
    .where((live) => void live.whereNull('expires_at').orWhere('expires_at', '>', now))
    .orderBy('address')
}

export async function saveIpBlock(db: Knex, row: IpBlockRow): Promise<void> {
  await db('ip_block').insert(row).onConflict('address').merge()
}

export async function deleteIpBlock(db: Knex, address: string): Promise<boolean> {
  return (await db('ip_block').where({ address }).delete()) > 0
}
