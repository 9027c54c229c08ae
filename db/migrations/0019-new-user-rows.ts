import type { Knex } from 'knex'
import { findFirstLevelId } from '../user-levels.js'
import { addMissingColumns } from './table-builder.js'

/** Rows of users as the old shop reads them (account-beside.md §6): its history's columns, a lock that it can't undo, repairs. */
export async function up(db: Knex): Promise<void> {
  await completePointsHistory(db)
  await addMissingColumns(db, 'account_user_base', { user_locked: (columns) => columns.count('user_locked') })
  const lockedUsers = db('account_user_info').where({ user_state: 0 }).select('user_id')
  await ownUsers(db).whereIn('user_id', lockedUsers).update({ user_locked: 1 })
  await repairUsers(db)
}

/** Rows of our own table hold the balance before; the old shop's, which has a state, the balance after. */
async function completePointsHistory(db: Knex): Promise<void> {
  const table = 'pay_user_points_history'
  // The last of the columns to come: where it is, the balances are counted already.
  if (await db.schema.hasColumn(table, 'ext_id')) return
  await addMissingColumns(db, table, {
    user_id_other: (columns) => columns.count('user_id_other'),
    points_log_state: (columns) => columns.count('points_log_state', 1),
  })
  await db
    .from(table)
    .where({ points_kind_id: 1 })
    .update({ user_points: db.raw('user_points + points_log_points') })
  await addMissingColumns(db, table, { ext_id: (columns) => columns.text('ext_id', 50) })
}

/** Users whom this server made: those of an old shop have no time of ours. */
function ownUsers(db: Knex) {
  return db('account_user_base').where('user_created_at', '>', 0)
}

/** Earlier versions gave new users no level, some no nickname, none a birthday, and numbers no openid. */
async function repairUsers(db: Knex): Promise<void> {
  const own = () => db('account_user_info').whereIn('user_id', ownUsers(db).select('user_id'))
  await own()
    .where({ user_level_id: 0 })
    .update({ user_level_id: await findFirstLevelId(db) })
  await own().whereNull('user_birthday').update({ user_birthday: '1971-01-01' })
  for (const { user_id } of await own().where({ user_nickname: '' }).select('user_id'))
    await db('account_user_info')
      .where({ user_id })
      .update({ user_nickname: `用户${user_id}` })
  await db('account_user_bind_connect')
    .whereIn('user_id', ownUsers(db).select('user_id'))
    .whereIn('bind_type', [1, 2])
    .where({ bind_openid: '' })
    .update({ bind_openid: db.ref('bind_id') })
}
