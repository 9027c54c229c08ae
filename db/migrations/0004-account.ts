import type { Knex } from 'knex'
import { type Columns, createTable } from './table-builder.js'

/** The shop's user levels and settings (account.md §8), with the old database's built-in rows. */
export async function up(db: Knex): Promise<void> {
  const buildLevels = (columns: Columns) => {
    columns.table.increments('user_level_id')
    columns.text('user_level_name', 50)
    columns.count('user_level_exp')
    columns.table.decimal('user_level_spend', 10, 2).notNullable().defaultTo(0)
    columns.text('user_level_logo', 255)
    columns.table.decimal('user_level_rate', 10, 2).notNullable().defaultTo(100)
    columns.time('user_level_time').notNullable().defaultTo(0)
    columns.count('user_level_is_buildin')
  }
  const level = (id: number, name: string, exp: number, spend: number, rate: number) => ({
    user_level_id: id,
    user_level_name: name,
    user_level_exp: exp,
    user_level_spend: spend,
    user_level_rate: rate,
    user_level_is_buildin: 1,
  })
  await createTable(db, 'account_user_level', buildLevels, [
    level(1001, 'vip1', 100, 0, 100),
    level(1002, 'vip2', 0, 2, 95),
    level(1003, 'vip3', 0, 3, 90),
  ])
  await createTable(db, 'sys_config_base', (columns) => {
    columns.key('config_key', 50).primary()
    columns.text('config_title', 50)
    columns.text('config_datatype', 20)
    columns.text('config_options', 1024)
    columns.table.text('config_value')
    columns.count('config_type_id')
    columns.text('config_note', 255)
    columns.count('config_sort')
    columns.count('config_enable', 1)
    columns.count('config_buildin')
  })
}
