import type { Knex } from 'knex'
import { compileRead } from './compiled-read.js'
import type { ListDefinition } from './list-definition.js'

export interface UserLevelRow {
  user_level_id: number
  user_level_name: string
  user_level_exp: number
  user_level_spend: number | string
  user_level_logo: string
  user_level_rate: number | string
  user_level_time: number
  user_level_is_buildin: number
}

declare module 'knex/types/tables.js' {
  interface Tables {
    account_user_level: UserLevelRow
  }
}

export async function listUserLevels(db: Knex): Promise<UserLevelRow[]> {
  return db('account_user_level').orderBy('user_level_id')
}

/** Of the shop's built-in levels the first, vip1. */
const firstLevelId = 1001

/**
 * The level that every user begins with: vip1, or the lowest there is where that is gone. Without a level there is, the
 * old shop's cart fails (account-beside.md §6).
 */
export async function findFirstLevelId(db: Knex): Promise<number> {
  const level = await selectFirstLevel(db)
  return level[0]?.user_level_id ?? firstLevelId
}

/** The same as a value of a statement that inserts a user. */
export function firstLevelOf(db: Knex): Knex.Raw<number> {
  return db.raw(`coalesce((${selectFirstLevel(db).toQuery()}), ${firstLevelId})`)
}

function selectFirstLevel(db: Knex) {
  return db('account_user_level')
    .orderByRaw('user_level_id <> ?', [firstLevelId])
    .orderBy('user_level_id')
    .limit(1)
    .select('user_level_id')
}

/** The level that so much experience reaches, and the one that a user has; undefined where none is reached. */
export async function findReachedLevel(
  db: Knex,
  userId: number,
  exp: number,
): Promise<{ readonly reached: number; readonly own: number | null } | undefined> {
  return readReached.first(db, userId, exp)
}

const readReached = compileRead<{ reached: number; own: number | null }, [userId: number, exp: number]>(
  (db, userId, exp) =>
    db('account_user_level')
      .select({ reached: 'user_level_id' })
      .select({ own: db('account_user_info').select('user_level_id').where({ user_id: userId }) })
      .where('user_level_exp', '>', 0)
      .where('user_level_exp', '<=', exp)
      .orderBy([{ column: 'user_level_exp', order: 'desc' }, 'user_level_id'])
      .limit(1),
)

/** A level, locked until the transaction ends: nobody is given one while it is removed. */
export async function lockUserLevel(db: Knex, levelId: number): Promise<UserLevelRow | undefined> {
  return db('account_user_level').where({ user_level_id: levelId }).forUpdate().first()
}

export async function userLevelIsUsed(db: Knex, levelId: number): Promise<boolean> {
  return (await db('account_user_info').where({ user_level_id: levelId }).first('user_id')) !== undefined
}

export async function insertUserLevel(db: Knex, row: Omit<UserLevelRow, 'user_level_id'>): Promise<number> {
  const [levelId = 0] = await db('account_user_level').insert(row)
  return levelId
}

export async function updateUserLevel(
  db: Knex,
  levelId: number,
  change: Partial<Omit<UserLevelRow, 'user_level_id'>>,
): Promise<void> {
  await db('account_user_level').where({ user_level_id: levelId }).update(change)
}

export async function deleteUserLevel(db: Knex, levelId: number): Promise<void> {
  await db('account_user_level').where({ user_level_id: levelId }).delete()
}

/** The levels as clients list them. */
export const userLevelList: ListDefinition<UserLevelRow> = {
  from: (db) => db('account_user_level'),
  columns: {
    user_level_id: 'user_level_id',
    user_level_name: 'user_level_name',
    user_level_exp: 'user_level_exp',
    user_level_spend: 'user_level_spend',
    user_level_logo: 'user_level_logo',
    user_level_rate: 'user_level_rate',
    user_level_time: 'user_level_time',
    user_level_is_buildin: 'user_level_is_buildin',
  },
  filters: {},
  sortable: ['user_level_id', 'user_level_exp', 'user_level_spend', 'user_level_rate'],
  searchable: ['user_level_name'],
  order: [{ column: 'user_level_id', descending: false }],
  key: 'user_level_id',
}

/** The same with the search box of the admin site. */
export const searchedUserLevelList: ListDefinition<UserLevelRow> = {
  ...userLevelList,
  partial: ['user_level_name'],
}
