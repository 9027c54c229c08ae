import type { Knex } from 'knex'
import { createTable } from './table-builder.js'

/** Which server answers a method while it moves here from an old one, and what the proxies before both have seen. */
export async function up(db: Knex): Promise<void> {
  await createTable(db, 'move_route', (columns) => {
    columns.key('method', 100)
    // Empty for all applications.
    columns.key('app', 100)
    columns.table.primary(['method', 'app'])
    // In ten thousandths.
    columns.count('share')
    columns.count('share_before')
    columns.text('caller', 8)
    // What both servers hold in common, and so need not move together.
    columns.text('common', 32)
    columns.time('created_at').notNullable()
    columns.time('changed_at').notNullable()
    columns.time('effective_at').notNullable()
    columns.text('reason', 255)
  })
  await createTable(db, 'move_begun', (columns) => {
    columns.key('id', 64).primary()
    columns.text('side', 16)
    columns.time('expires_at').notNullable().index()
  })
  await createTable(db, 'move_tally', (columns) => {
    columns.key('node', 100)
    columns.key('method', 100)
    columns.key('side', 16)
    columns.time('minute').notNullable()
    columns.table.primary(['node', 'method', 'side', 'minute'])
    columns.count('calls')
    columns.count('errors')
    columns.count('compared')
    columns.count('differing')
    // How many answers took how long: a comma list, one number for each bound.
    columns.text('slots', 255)
    columns.time('expires_at').notNullable().index()
  })
  await createTable(db, 'move_proxy', (columns) => {
    columns.key('node', 100).primary()
    columns.time('seen_at').notNullable()
    // Of the newest route that it follows.
    columns.time('follows').notNullable()
    columns.time('expires_at').notNullable().index()
  })
}
