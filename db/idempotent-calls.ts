import type { Knex } from 'knex'
import { isDuplicate } from './transaction.js'

/** A call with an `Idempotency-Key`: who is doing it, how far that is, and what it was answered. */
export interface IdempotentCallRow {
  /** Digest of caller and key. */
  call_id: string
  /** Names the attempt that does the work. */
  claim: string
  /** Keyed digest of method and parameters. */
  fingerprint: string
  /** 1 once a transaction of the attempt was committed. */
  committed: number
  /** Sealed; null until the work is done. */
  answer: string | null
  /** When an attempt that has left no answer counts as broken off (ms). */
  claimed_until: number
  expires_at: number
}

declare module 'knex/types/tables.js' {
  interface Tables {
    idempotent_call: IdempotentCallRow
  }
}

/** One attempt at a call. */
export type Attempt = Pick<IdempotentCallRow, 'call_id' | 'claim'>

/** Adds a call that is begun; false when there is one already. The primary key decides between parallel calls. */
export async function insertIdempotentCall(db: Knex, row: IdempotentCallRow): Promise<boolean> {
  try {
    await db('idempotent_call').insert(row)
    return true
  } catch (error) {
    if (isDuplicate(error)) return false
    throw error
  }
}

export async function findIdempotentCall(db: Knex, callId: string): Promise<IdempotentCallRow | undefined> {
  return db('idempotent_call').where({ call_id: callId }).first()
}

/** Begins a call anew in place of an attempt; false when another was faster, or that attempt is at work after all. */
export async function replaceAttempt(
  db: Knex,
  { call_id, claim, committed }: Pick<IdempotentCallRow, 'call_id' | 'claim' | 'committed'>,
  row: IdempotentCallRow,
): Promise<boolean> {
  return (await db('idempotent_call').where({ call_id, claim, committed }).update(row)) > 0
}

/** Notes, within a transaction of the attempt, that it commits something; false when it was replaced. */
export async function markCommitted(db: Knex, { call_id, claim }: Attempt): Promise<boolean> {
  return (await db('idempotent_call').where({ call_id, claim }).update({ committed: 1 })) > 0
}

export async function saveAnswer(db: Knex, { call_id, claim }: Attempt, answer: string): Promise<void> {
  await db('idempotent_call').where({ call_id, claim }).update({ answer })
}

/** Forgets an attempt, so that the key is free again. */
export async function deleteAttempt(db: Knex, { call_id, claim }: Attempt): Promise<void> {
  await db('idempotent_call').where({ call_id, claim }).delete()
}

/** The same for one that has committed nothing; false when it has. */
export async function deleteIdleAttempt(db: Knex, { call_id, claim }: Attempt): Promise<boolean> {
  return (await db('idempotent_call').where({ call_id, claim, committed: 0 }).delete()) > 0
}

/** Ends an attempt that committed something and has no answer to keep. */
export async function endAttempt(db: Knex, { call_id, claim }: Attempt, at: number): Promise<void> {
  await db('idempotent_call').where({ call_id, claim }).update({ claimed_until: at })
}
