import type { Knex } from 'knex'
import { addMissingIndex, createTable } from './table-builder.js'

const table = 'account_user_invoice'

const longTexts = [
  'invoice_address',
  'invoice_phone',
  'invoice_bankname',
  'invoice_bankaccount',
  'invoice_contact_mobile',
  'invoice_contact_email',
  'invoice_contact_name',
  'invoice_contact_area',
  'invoice_contact_address',
]

/** What users want their invoices made out to (account.md §8). */
export async function up(db: Knex): Promise<void> {
  await createTable(db, table, (columns) => {
    columns.table.increments('user_invoice_id')
    columns.userId()
    columns.text('invoice_title', 50)
    columns.text('invoice_company_code', 100)
    columns.text('invoice_content', 50)
    columns.count('invoice_is_company')
    columns.count('invoice_is_electronic')
    columns.count('invoice_type', 1)
    columns.table.datetime('invoice_datetime')
    for (const name of longTexts) columns.text(name, 255)
    columns.count('invoice_is_default')
    columns.table.index(['user_id', 'user_invoice_id'])
  })
  // InnoDB's index of user_id ends with the primary key, so it is the index above.
  await addMissingIndex(db, table, 'user_id')
}
