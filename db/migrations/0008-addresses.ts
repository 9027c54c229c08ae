import type { Knex } from 'knex'
import { addMissingIndex, createTable } from './table-builder.js'

const table = 'account_user_delivery_address'

/** Where users have things sent (account.md §8), and what puts the changes of what one user keeps in turn. */
export async function up(db: Knex): Promise<void> {
  await createTable(db, table, (columns) => {
    columns.table.increments('ud_id')
    columns.userId()
    columns.text('ud_name', 20)
    columns.text('ud_intl', 6).defaultTo('+86')
    columns.text('ud_mobile', 20)
    columns.text('ud_telephone', 30)
    for (const area of ['ud_province', 'ud_city', 'ud_county']) columns.count(`${area}_id`)
    for (const area of ['ud_province', 'ud_city', 'ud_county']) columns.text(area, 50)
    columns.text('ud_address', 255)
    columns.text('ud_postalcode', 30)
    columns.text('ud_tag_name', 50)
    for (const degrees of ['ud_longitude', 'ud_latitude'])
      columns.table.double(degrees).notNullable().defaultTo(0)
    columns.table.datetime('ud_time')
    columns.count('ud_is_default')
    // Named, as MySQL takes at most 64 characters.
    columns.table.index(['user_id', 'ud_is_default', 'ud_time'], 'address_of_user')
    columns.table.index(['ud_time'], 'address_by_time')
    columns.table.index(['ud_mobile'], 'address_by_mobile')
  })
  await createTable(db, 'user_book', (columns) => {
    columns.userId().primary()
    columns.count('changes')
  })
  for (const column of ['user_id', 'ud_time', 'ud_mobile']) await addMissingIndex(db, table, column)
}
