import type { Knex } from 'knex'
import { isMysql } from '../connect.js'
import { addMissingColumns, createTable } from './table-builder.js'

/** Users as in the shop's database (account.md §8), and what is ours: who owns an address, sessions, failures. */
export async function up(db: Knex): Promise<void> {
  await createUserTables(db)
  await createTable(db, 'user_identity', (columns) => {
    columns.key('kind', 10)
    columns.key('value')
    columns.userId()
    columns.time('verified_at')
    columns.time('created_at').notNullable()
    columns.table.primary(['kind', 'value'])
    columns.table.unique(['user_id', 'kind'])
  })
  await createTable(db, 'user_session', (columns) => {
    columns.key('token_id', 32).primary()
    columns.userId()
    columns.count('generation')
    columns.text('app_name', 64)
    columns.text('ip', 45)
    columns.time('created_at').notNullable()
    columns.time('expires_at').notNullable().index()
    columns.time('revoked_at')
    columns.table.index(['user_id', 'expires_at'])
  })
  await createTable(db, 'login_failure', (columns) => {
    columns.key('subject').primary()
    columns.count('failures')
    columns.time('blocked_until').notNullable()
    columns.time('expires_at').notNullable().index()
  })
}

async function createUserTables(db: Knex): Promise<void> {
  await createTable(db, 'account_user_base', ({ table }) => {
    table.increments('user_id')
    // One rule on both databases: accounts that differ in case only are the same. (knex drops collate() on SQLite.)
    const account = isMysql(db)
      ? table.string('user_account', 100)
      : table.specificType('user_account', 'varchar(100) collate nocase')
    account.notNullable().unique()
    table.string('user_password', 255).notNullable().defaultTo('')
    table.string('user_salt', 100).notNullable().defaultTo('')
    table.integer('session_generation').notNullable().defaultTo(0)
    table.bigInteger('user_created_at').notNullable().defaultTo(0)
  })
  await addMissingColumns(db, 'account_user_base', {
    session_generation: (columns) => columns.count('session_generation'),
    user_created_at: (columns) => columns.time('user_created_at').notNullable().defaultTo(0),
  })
  await startIdsAt(db, 10002)
  await createTable(db, 'account_user_info', (columns) => {
    columns.userId().primary()
    columns.text('user_account', 100)
    columns.text('user_nickname', 50)
    columns.text('user_avatar', 255)
    columns.count('user_state', 1)
    columns.text('user_mobile', 20)
    columns.table.string('user_intl', 6).notNullable().defaultTo('+86')
    columns.count('user_gender', 1)
    columns.table.date('user_birthday')
    columns.text('user_email', 50)
    columns.count('user_level_id')
    columns.text('user_realname', 20)
    columns.text('user_idcard', 30)
    columns.text('user_idcard_images', 1024)
    columns.count('user_is_authentication')
    columns.text('tag_ids', 512)
    columns.count('user_from', 2310)
    columns.count('user_new', 1)
  })
}

async function startIdsAt(db: Knex, first: number): Promise<void> {
  const { last } = (await db('account_user_base').max({ last: 'user_id' }).first()) ?? {}
  if (typeof last === 'number' && last >= first - 1) return
  if (isMysql(db)) {
    await db.raw('ALTER TABLE account_user_base AUTO_INCREMENT = ??', [db.raw(String(first))])
    return
  }
  await db.raw("DELETE FROM sqlite_sequence WHERE name = 'account_user_base'")
  await db.raw('INSERT INTO sqlite_sequence (name, seq) VALUES (?, ?)', ['account_user_base', first - 1])
}
