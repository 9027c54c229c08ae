import type { Knex } from 'knex'
import { isMysql } from '../connect.js'
import { addMissingColumns, addMissingIndex, createTable } from './table-builder.js'

/** What users write about themselves: who owns a nickname, and the line they sign with. */
export async function up(db: Knex): Promise<void> {
  await createTable(db, 'nickname_owner', (columns) => {
    columns.key('nickname_key').primary()
    columns.userId().unique()
    columns.time('taken_at').notNullable()
  })
  await addMissingColumns(db, 'account_user_info', { user_sign: (columns) => columns.text('user_sign', 255) })
  await indexNicknames(db)
}

/** Nicknames of the old shop may be there twice, so the index is no key. (knex can't give an index a collation.) */
async function indexNicknames(db: Knex): Promise<void> {
  await addMissingIndex(db, 'account_user_info', 'user_nickname')
  if (isMysql(db)) return
  await db.raw('CREATE INDEX IF NOT EXISTS ?? ON ?? (?? COLLATE NOCASE)', [
    'account_user_info_user_nickname_index',
    'account_user_info',
    'user_nickname',
  ])
}
