import type { Knex } from 'knex'
import type { ListDefinition } from './list-query.js'

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

export async function userLevelExists(db: Knex, levelId: number): Promise<boolean> {
  return (
    (await db('account_user_level').where({ user_level_id: levelId }).first('user_level_id')) !== undefined
  )
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
