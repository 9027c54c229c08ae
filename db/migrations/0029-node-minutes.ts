import type { Knex } from 'knex'
import { createTable } from './table-builder.js'

/** What nodes tell of themselves, how many users have passwords of which form, and calls that an administrator watches. */
export async function up(db: Knex): Promise<void> {
  await createTable(db, 'node_minute', (columns) => {
    columns.key('node_id', 16)
    columns.time('minute').notNullable().index()
    columns.text('node_name', 100)
    columns.text('version', 32)
    columns.time('started_at').notNullable()
    columns.time('written_at').notNullable()
    columns.count('is_last')
    columns.table.text('figures', 'mediumtext').notNullable()
    columns.table.primary(['node_id', 'minute'])
  })
  await createTable(db, 'password_form_count', (columns) => {
    columns.key('counted_on', 10).primary()
    columns.time('counted_at').notNullable()
    columns.table.text('counts').notNullable()
  })
  await createTable(db, 'call_watch', (columns) => {
    columns.key('watch_id', 16).primary()
    columns.key('kind', 4)
    columns.key('subject', 64)
    columns.userId('admin_id')
    columns.time('started_at').notNullable()
    columns.time('ends_at').notNullable()
    columns.time('expires_at').notNullable().index()
  })
  await createTable(db, 'watched_call', (columns) => {
    columns.table.increments('call_id')
    columns.key('watch_id', 16)
    columns.time('happened_at').notNullable()
    columns.table.text('content').notNullable()
    columns.time('expires_at').notNullable().index()
    columns.table.index(['watch_id', 'happened_at'])
  })
}
