import type { Knex } from 'knex'
import { addMissingIndex, createTable, giveDefaults, widenText } from './table-builder.js'

/** Those that an old shop's dump may bring (account.md §8). */
const importedTables = [
  'account_user_base',
  'account_user_info',
  'account_user_login',
  'account_user_login_history',
  'account_user_bind_connect',
  'account_user_message',
  'account_user_level',
  'pay_user_resource',
  'sys_config_base',
  'admin_user_admin',
  'admin_user_role',
  'admin_menu_base',
]

/** Taking over an existing shop's users (account.md §8): how far it is, and what two of them both had. */
export async function up(db: Knex): Promise<void> {
  for (const table of importedTables) await giveDefaults(db, table)
  await createTable(db, 'shop_adoption', (columns) => {
    columns.key('step', 20).primary()
    columns.table.integer('position').unsigned().notNullable().defaultTo(0)
    columns.time('done_at')
  })
  await addMissingIndex(db, 'account_user_bind_connect', 'user_id')
  await addMissingIndex(db, 'account_user_login_history', 'user_id')
  // IPv6 addresses take up to 45 characters.
  await widenText(db, 'account_user_login', 'user_reg_ip', 45)
  await widenText(db, 'account_user_login', 'user_lastlogin_ip', 45)
  await widenText(db, 'account_user_login_history', 'user_login_ip', 45)
  await createTable(db, 'identity_conflict', (columns) => {
    columns.key('kind', 10)
    columns.key('value')
    columns.userId()
    columns.userId('kept_user_id')
    columns.time('found_at').notNullable()
    columns.table.primary(['kind', 'value', 'user_id'])
  })
}
