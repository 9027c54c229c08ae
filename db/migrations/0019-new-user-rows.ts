import type { Knex } from 'knex'
import { findFirstLevelId } from '../user-levels.js'
import { addMissingColumns } from './table-builder.js'

/** Rows of users as the old shop reads them (account-beside.md §6): its history's columns, a lock that it can't undo, repairs. */
export async function up(db: Knex): Promise<void> {
  await completePointsHistory(db)
  await addMissingColumns(db, 'account_user_base', { user_locked: (columns) => columns.count('user_locked') })
  // Nobody in an old shop's database that comes for the first time, whose tables are large.
  if (!(await ownUsers(db).first('user_id'))) return
  const lockedUsers = db('account_user_info').where({ user_state: 0 }).select('user_id')
  await ownUsers(db).whereIn('user_id', lockedUsers).update({ user_locked: 1 })
  await repairUsers(db)
}

const history = 'pay_user_points_history'
const oldColumns = ['user_id_other', 'points_log_state', 'ext_id'] as const

/**
 * Rows of our own table hold the balance before; the old shop's, the balance after. A shop's table has at least one of
 * the columns to come, and only its own rows: no version before 0016 could write into it, as it named columns that are
 * not there.
 */
async function completePointsHistory(db: Knex): Promise<void> {
  const found = await Promise.all(oldColumns.map((column) => db.schema.hasColumn(history, column)))
  if (!found.includes(true)) await addUpBalances(db)
  await addMissingColumns(db, history, {
    user_id_other: (columns) => columns.count('user_id_other'),
    points_log_state: (columns) => columns.count('points_log_state', 1),
    ext_id: (columns) => columns.text('ext_id', 50),
  })
  await db('shop_adoption').where({ step: balancesStep }).delete()
}

const balancesStep = 'points-balances'

/** Once, wherever it is cut off: the note that it is done comes with the change itself. */
async function addUpBalances(db: Knex): Promise<void> {
  await db.transaction(async (db) => {
    if (await db('shop_adoption').where({ step: balancesStep }).first('step')) return
    await db
      .from(history)
      .where({ points_kind_id: 1 })
      .update({ user_points: db.raw('user_points + points_log_points') })
    await db('shop_adoption').insert({ step: balancesStep, position: 0, done_at: Date.now() })
  })
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
