import type { Knex } from 'knex'
import { createTable } from './table-builder.js'

/**
 * Site settings, districts and uploads (account-beside.md §3). What the operator sets stands in a table of ours: an old shop's rows stay its own (account-beside.md §3). Rows
 * without a type were written by us, as the shop gives each of its own one.
 */
export async function up(db: Knex): Promise<void> {
  await createTable(db, 'site_setting', (columns) => {
    columns.key('setting_key', 50).primary()
    columns.table.text('setting_value').notNullable()
    columns.time('changed_at').notNullable()
  })
  const ours = await db('sys_config_base')
    .where({ config_datatype: '', config_enable: 1 })
    .select('config_key', 'config_value')
  if (ours.length > 0)
    await db('site_setting')
      .insert(
        ours.map((row) => ({
          setting_key: row.config_key,
          setting_value: row.config_value ?? '',
          changed_at: Date.now(),
        })),
      )
      .onConflict('setting_key')
      .ignore()
  await db('sys_config_base').where({ config_datatype: '', config_enable: 1 }).delete()
  await createDistrictTable(db)
  await createTable(db, 'uploaded_file', (columns) => {
    columns.key('file_name', 64).primary()
    columns.userId().index()
    columns.text('content_type', 50)
    columns.count('byte_length')
    columns.time('uploaded_at').notNullable()
  })
}

/** Provinces, cities and counties, as an old shop has them. */
async function createDistrictTable(db: Knex): Promise<void> {
  await createTable(db, 'sys_district_base', (columns) => {
    columns.table.increments('district_id')
    columns.text('district_name', 255)
    columns.count('district_parent_id').unsigned().index()
    columns.count('district_level', 1)
    columns.text('district_citycode', 10)
    columns.text('district_zipcode', 10)
    columns.table.decimal('district_lng', 11, 8).notNullable().defaultTo(0)
    columns.table.decimal('district_lat', 11, 8).notNullable().defaultTo(0)
    columns.count('district_sort')
  })
}
