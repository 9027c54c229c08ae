import type { Knex } from 'knex'
import type { ListDefinition } from './list-query.js'

/** How a user can be recognised (account.md §8): 1 mobile, 2 e-mail, 3 account, 11 and up other platforms. */
export interface BindingRow {
  bind_id: string
  bind_type: number
  user_id: number
  bind_time: number
  bind_nickname: string
  bind_icon: string
  bind_openid: string
  bind_unionid: string
  bind_active: number
}

declare module 'knex/types/tables.js' {
  interface Tables {
    account_user_bind_connect: BindingRow
  }
}

type NewBinding = Pick<BindingRow, 'bind_id' | 'bind_type' | 'user_id' | 'bind_time'> & Partial<BindingRow>

/**
 * Writes who a bind id belongs to, in place of whom it belonged to before. Who owns a number or an address is decided
 * by `user_identity`; this is what the shop's other systems read.
 */
export async function saveBinding(db: Knex, row: NewBinding): Promise<void> {
  const { bind_type, bind_id } = row
  // An imported table has no unique key on the two.
  await db('account_user_bind_connect').where({ bind_type, bind_id }).delete()
  // Its other systems write to numbers and addresses by the openid.
  await db('account_user_bind_connect').insert({ bind_active: 1, bind_openid: bind_id, ...row })
}

/** Notes the unionid of somebody of WeChat who was bound before it was known. */
export async function saveUnionid(
  db: Knex,
  {
    userId,
    bindType,
    openid,
    unionid,
  }: Record<'openid' | 'unionid', string> & Record<'userId' | 'bindType', number>,
): Promise<void> {
  await db('account_user_bind_connect')
    .where({ user_id: userId, bind_type: bindType })
    .where((known) => {
      known.where({ bind_id: openid }).orWhere({ bind_openid: openid })
    })
    .update({ bind_unionid: unionid })
}

export async function deleteBindings(db: Knex, userId: number, bindType: number): Promise<void> {
  await db('account_user_bind_connect').where({ user_id: userId, bind_type: bindType }).delete()
}

export async function listBindings(db: Knex, userId: number): Promise<BindingRow[]> {
  return db('account_user_bind_connect').where({ user_id: userId }).orderBy(['bind_type', 'bind_id'])
}

/**
 * Bindings in force, of users there are, to whom one of the merchant's applications knows by an openid, or all by a
 * unionid; the oldest user first.
 */
export async function listWechatBindings(
  db: Knex,
  bindTypes: readonly number[],
  { openids, unionid }: { readonly openids: readonly string[]; readonly unionid: string | undefined },
): Promise<BindingRow[]> {
  return db('account_user_bind_connect as binding')
    .join('account_user_base as base', 'base.user_id', 'binding.user_id')
    .whereIn('bind_type', [...bindTypes])
    .whereNot('bind_active', 0)
    .where((known) => {
      known.whereIn('bind_id', [...openids]).orWhereIn('bind_openid', [...openids])
      if (unionid !== undefined) known.orWhere({ bind_unionid: unionid })
    })
    .orderBy('binding.user_id')
    .select('binding.*')
}

/** The ways in which users can be recognised, as administrators list them (account-beside.md §4.6). */
export const bindingList: ListDefinition<BindingRow> = {
  from: (db) => db('account_user_bind_connect'),
  columns: {
    bind_id: 'bind_id',
    bind_type: 'bind_type',
    user_id: 'user_id',
    bind_time: 'bind_time',
    bind_nickname: 'bind_nickname',
    bind_icon: 'bind_icon',
    bind_openid: 'bind_openid',
    bind_unionid: 'bind_unionid',
    bind_active: 'bind_active',
  },
  filters: { user_id: 'user_id', bind_type: 'bind_type' },
  sortable: ['bind_type', 'bind_id'],
  searchable: [],
  order: [
    { column: 'bind_type', descending: false },
    { column: 'bind_id', descending: false },
  ],
  key: 'bind_id',
}
