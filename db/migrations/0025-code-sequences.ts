import type { Knex } from 'knex'
import { isMysql } from '../connect.js'
import { addIndex, Columns } from './table-builder.js'

/** Without the sequence. */
const columns = [
  'address',
  'code_id',
  'digest',
  'purpose',
  'code_length',
  'wrong_tries',
  'expires_at',
] as const

/**
 * An address's codes in one table, in the order in which they were made; those on their way were in `pending_code`. A
 * node of the version before goes on: it reads all codes of `sent_code` as delivered ones, and what it delivers itself
 * is of the sequence 0. Only what it is about to deliver is not known to nodes of this version until it has been.
 */
export async function up(db: Knex): Promise<void> {
  if (!(await db.schema.hasColumn('sent_code', 'sequence'))) {
    if (isMysql(db))
      await db.raw(
        `ALTER TABLE sent_code ADD COLUMN sequence INT NOT NULL DEFAULT 0,
          DROP PRIMARY KEY, ADD PRIMARY KEY (address, sequence)`,
      )
    else await db.transaction(makeAnew)
  }
  await addIndex(db, 'sent_code', ['expires_at'])
  const named = [...columns, 'sequence']
  await db.raw(`INSERT ${isMysql(db) ? '' : 'OR '}IGNORE INTO sent_code (??) SELECT ?? FROM pending_code`, [
    named,
    named,
  ])
}

/** SQLite changes no primary key. */
async function makeAnew(db: Knex): Promise<void> {
  await db.schema.createTable('sequenced_code', (table) => {
    const columns = new Columns(table, false)
    columns.key('address')
    columns.count('sequence')
    columns.key('code_id', 32)
    columns.key('digest', 64)
    columns.text('purpose', 32)
    columns.count('code_length')
    columns.count('wrong_tries')
    columns.time('expires_at').notNullable()
    table.primary(['address', 'sequence'])
  })
  await db.raw('INSERT INTO sequenced_code (??) SELECT ?? FROM sent_code', [[...columns], [...columns]])
  await db.schema.dropTable('sent_code')
  await db.schema.renameTable('sequenced_code', 'sent_code')
}
