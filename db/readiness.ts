import type { Knex } from 'knex'

/**
 * Asks the database for a write that changes nothing. One that only reads refuses it, though it would answer a question.
 *
 * @throws what the database throws
 */
export async function requireWritable(db: Knex): Promise<void> {
  await db('gateway_migration_lease').where({ id: 0 }).update({ holder: '' })
}
