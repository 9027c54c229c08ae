import type { Knex } from 'knex'

/** The code that was last delivered to an address. Only its HMAC is kept. */
export interface SentCodeRow {
  /** Channel and address: `sms:+8613912345678`, `mail:a@example.com`. */
  address: string
  code_id: string
  digest: string
  /** What it may be used for; empty: anything. */
  purpose: string
  /** How many digits it has: how often a number may be tried depends on it. */
  code_length: number
  wrong_tries: number
  expires_at: number
}

/**
 * A code on its way: as good as the delivered one, so that a fast reader is not refused, and beside it, so that whoever
 * holds that keeps it should this one not arrive. After a crash in mid-delivery both are good until they expire.
 */
interface PendingCodeRow extends SentCodeRow {
  /** The order in which the address's codes were made. */
  sequence: number
}

declare module 'knex/types/tables.js' {
  interface Tables {
    sent_code: SentCodeRow
    pending_code: PendingCodeRow
  }
}

/** Stores a code on its way. The caller's transaction holds the address's limits: no two are numbered at once. */
export async function insertPendingCode(db: Knex, row: SentCodeRow): Promise<void> {
  const newest = db('pending_code').where({ address: row.address }).max({ sequence: 'sequence' })
  // MySQL reads a table that it writes only by a name of its own.
  const next = db(newest.as('known')).select(db.raw('coalesce(sequence, 0) + 1'))
  await db('pending_code').insert({ ...row, sequence: next as unknown as number })
}

/** Stores a code that was delivered in place of the address's former one. */
export async function replaceCode(db: Knex, row: SentCodeRow): Promise<void> {
  await db('sent_code').insert(row).onConflict('address').merge()
}

/** An address's codes, the newest first: those on their way, then the delivered one. */
export type AddressCode = SentCodeRow | PendingCodeRow

/**
 * The address's codes, locked until the transaction ends. Pending ones are locked first, as one of them may become the
 * delivered one meanwhile: in the other order it could be missed in both places.
 */
export async function lockCodes(db: Knex, address: string): Promise<AddressCode[]> {
  const pending = await db('pending_code').where({ address }).orderBy('sequence', 'desc').forUpdate()
  const delivered = await db('sent_code').where({ address }).forUpdate()
  return [...pending, ...delivered]
}

/** Makes a pending code the delivered one, unless it was used meanwhile or a newer one was delivered. */
export async function settlePendingCode(db: Knex, address: string, codeId: string): Promise<void> {
  const pending = () => db('pending_code').where({ address })
  const code = await pending().where({ code_id: codeId }).forUpdate().first()
  if (!code) return
  const { sequence, ...delivered } = code
  // In the order in which `lockCodes` locks.
  await pending().where('sequence', '<=', sequence).delete()
  await replaceCode(db, delivered)
}

/** Removes a code that was used, and those made before it; one made after it may be on its way still. */
export async function deleteWithOlder(db: Knex, code: AddressCode): Promise<void> {
  const { address, code_id } = code
  if (!('sequence' in code)) {
    await db('sent_code').where({ address, code_id }).delete()
    return
  }
  await db('pending_code').where({ address }).where('sequence', '<=', code.sequence).delete()
  await db('sent_code').where({ address }).delete()
}

/** Removes a code that could not be delivered, and no other. */
export async function deletePendingCode(db: Knex, address: string, codeId: string): Promise<void> {
  await db('pending_code').where({ address, code_id: codeId }).delete()
}

/** Counts a wrong try against all the address's codes: it was compared with each. */
export async function countWrongTry(db: Knex, address: string): Promise<void> {
  await db('pending_code').where({ address }).increment('wrong_tries', 1)
  await db('sent_code').where({ address }).increment('wrong_tries', 1)
}
