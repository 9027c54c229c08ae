import type { Knex } from 'knex'
import { addMissingColumns } from './table-builder.js'

/** Columns that the first version named otherwise than the old shop does. */
const renamed = [
  ['pay_user_points_history', 'points_kind', 'points_kind_id'],
  ['pay_user_points_history', 'points_type', 'points_type_id'],
  ['pay_user_points_history', 'points_log_value', 'points_log_points'],
  ['pay_user_points_history', 'user_balance', 'user_points'],
  ['pay_user_exp_history', 'exp_kind', 'exp_kind_id'],
  ['pay_user_exp_history', 'exp_type', 'exp_type_id'],
  ['pay_user_exp_history', 'user_balance', 'user_exp'],
  ['admin_user_admin', 'created_at', 'user_admin_ctime'],
  ['admin_user_role', 'user_role_is_buildin', 'user_role_buildin'],
] as const

/** Points, experience and administrators in the old shop's own columns; kinds of messages that its enum does not have. */
export async function up(db: Knex): Promise<void> {
  for (const [table, from, to] of renamed) {
    // A shop may have a column of its own under the former name.
    if ((await db.schema.hasColumn(table, from)) && !(await db.schema.hasColumn(table, to)))
      await db.raw('ALTER TABLE ?? RENAME COLUMN ?? TO ??', [table, from, to])
  }
  await addMissingColumns(db, 'account_user_message', {
    message_cat_full: (columns) => columns.text('message_cat_full', 20),
  })
}
