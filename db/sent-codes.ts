import type { Knex } from 'knex'
import { compileRead } from './compiled-read.js'
import { compileWrite, compileWrites, type NextMark } from './compiled-write.js'
import { isMysql } from './connect.js'

/**
 * A code that was sent to an address, or is on its way there: then it is as good, so that a fast reader is not refused,
 * and those made before it are too, so that whoever holds one keeps it should this one not arrive. After a crash in
 * mid-delivery all are good until they expire. Only its HMAC is kept.
 */
export interface SentCodeRow {
  /** Channel and address: `sms:+8613912345678`, `mail:a@example.com`. */
  address: string
  /** The order in which the address's codes were made; one that was used frees its number. */
  sequence: number
  code_id: string
  digest: string
  /** What it may be used for; empty: anything. */
  purpose: string
  /** How many digits it has: how often a number may be tried depends on it. */
  code_length: number
  wrong_tries: number
  expires_at: number
}

declare module 'knex/types/tables.js' {
  interface Tables {
    sent_code: SentCodeRow
  }
}

const columns = [
  'address',
  'sequence',
  'code_id',
  'digest',
  'purpose',
  'code_length',
  'wrong_tries',
  'expires_at',
] as const satisfies readonly (keyof SentCodeRow)[]

const writes = compileWrites()

/** 0 for an address that has no code. */
const nextSequence = 'coalesce(max(sequence) + 1, 0)'

/**
 * Stores a code on its way, and tells whether there may be others of the address. The caller's transaction holds the
 * address's limits: no two are numbered at once.
 */
export async function insertCode(
  db: Knex,
  row: Omit<SentCodeRow, 'sequence'>,
): Promise<{ readonly hasFormer: boolean }> {
  const given = columns.filter((column) => column !== 'sequence')
  const build = (mark: NextMark): Knex.QueryBuilder => {
    const values = given.map((column) => db.raw('? as ??', [mark(), column]))
    const numbered = db('sent_code')
      .where({ address: mark() })
      .select(...values, db.raw(isMysql(db) ? `last_insert_id(${nextSequence})` : nextSequence))
    return db.into(db.raw('?? (??, sequence)', ['sent_code', given])).insert(numbered)
  }
  const { id } = await writes(db, { key: '', build }, [...given.map((column) => row[column]), row.address])
  // On MySQL the sequence; SQLite's own number of the row says nothing, and a statement more costs no round trip there.
  return { hasFormer: id > 0 }
}

const lockOfAddress = compileRead<SentCodeRow, [address: string]>((db, address) =>
  db('sent_code').where({ address }).orderBy('sequence', 'desc').forUpdate().select(columns),
)

/** The address's codes, the newest first, locked until the transaction ends. */
export async function lockCodes(db: Knex, address: string): Promise<SentCodeRow[]> {
  return lockOfAddress.all(db, address)
}

/** Removes the codes that were made before one that has been delivered, unless that was used meanwhile. */
export async function deleteFormerCodes(db: Knex, address: string, codeId: string): Promise<void> {
  await deleteBefore(db, address, address, codeId)
}

const deleteBefore = compileWrite<[address: string, sameAddress: string, codeId: string]>(
  (db, address, sameAddress, codeId) => {
    const delivered = db('sent_code').where({ address: sameAddress, code_id: codeId }).select('sequence')
    // MySQL deletes from no table that it reads in the same statement, but from one that it has read.
    const read = db.from(delivered.as('delivered')).select('sequence')
    return db('sent_code').where({ address }).where('sequence', '<', read).delete()
  },
)

const deleteUpTo = compileWrite<[address: string, sequence: number]>((db, address, sequence) =>
  db('sent_code').where({ address }).where('sequence', '<=', sequence).delete(),
)

/**
 * Uses a code up, with those made before it; one made after it may be on its way still. False when it is gone: whoever
 * removes it has it. The lock that it was read with is known to one node of a cluster only, a removal to all.
 */
export async function takeWithOlder(db: Knex, { address, sequence }: SentCodeRow): Promise<boolean> {
  return (await deleteUpTo(db, address, sequence)).rows > 0
}

/** Removes a code that could not be delivered, and no other. */
export async function deleteCode(db: Knex, address: string, codeId: string): Promise<void> {
  await db('sent_code').where({ address, code_id: codeId }).delete()
}

/** Counts a wrong try against all the address's codes: it was compared with each. */
export async function countWrongTry(db: Knex, address: string): Promise<void> {
  await db('sent_code').where({ address }).increment('wrong_tries', 1)
}

/** The codes that are kept for some addresses, the newest first, locking none. */
export async function listCodes(db: Knex, addresses: readonly string[]): Promise<SentCodeRow[]> {
  return db('sent_code')
    .whereIn('address', [...addresses])
    .orderBy([{ column: 'address' }, { column: 'sequence', order: 'desc' }])
    .select(columns)
}
