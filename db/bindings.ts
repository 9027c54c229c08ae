import type { Knex } from 'knex'
import { type AddressKind, addressBindTypes, boundForms } from './address-owners.js'
import { compileInsertNew } from './compiled-write.js'
import {
  deleteIdentity,
  type IdentityRow,
  takeIdentity,
  verifyIdentity,
  verifyNewIdentity,
} from './identities.js'
import type { ListDefinition } from './list-definition.js'
import { userExists } from './users.js'

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
 * Writes that a bind id belongs to a user; what the shop's other systems read. Returns false when another user has it
 * bound: that row is never moved, whichever server wrote it. Rows of no force give way, and those of users who are gone.
 */
export async function saveBinding(db: Knex, row: NewBinding): Promise<boolean> {
  const { bind_type, bind_id, user_id } = row
  const held = await db('account_user_bind_connect')
    .where({ bind_type, bind_id })
    .select('user_id', 'bind_active')
  for (const holder of held)
    if (holder.user_id !== user_id && holder.bind_active !== 0 && (await userExists(db, holder.user_id)))
      return false
  if (held.length > 0)
    await db('account_user_bind_connect')
      .where({ bind_type, bind_id })
      .whereIn(
        'user_id',
        held.map((holder) => holder.user_id),
      )
      .delete()
  return addBinding(db, row)
}

const insertNew = compileInsertNew('account_user_bind_connect', ['bind_type', 'bind_id'])

/** Binds where nobody has it bound; whether it is the user's now. */
async function addBinding(db: Knex, row: NewBinding): Promise<boolean> {
  const { bind_type, bind_id, user_id } = row
  // The shop's primary key, which is of the bind id alone, decides between its old server and us.
  if (await insertNew(db, { bind_active: 1, bind_openid: bind_id, ...row })) return true
  const saved = await db('account_user_bind_connect')
    .where({ bind_type, bind_id })
    .forUpdate()
    .select('user_id')
  return saved.length > 0 && saved.every((one) => one.user_id === user_id)
}

type ProvedAddress = IdentityRow & { readonly kind: AddressKind; readonly verified_at: number }

/**
 * Makes a proved address the user's own, for both servers, in place of the `former` one. Returns false when another user
 * has it; the caller's transaction is then to be rolled back.
 */
export async function bindAddress(db: Knex, row: ProvedAddress, former?: string): Promise<boolean> {
  const { kind, value, user_id } = row
  if (former !== undefined && former !== value) await unbindAddress(db, { kind, value: former, user_id })
  return (await verifyIdentity(db, row)) && saveBinding(db, bindingOf(row))
}

/**
 * The same for a user whom this transaction has made, and who has no other address. `wasFree`: it was nobody's when the
 * caller looked just now; the keys of both tables decide what has happened since.
 */
export async function bindNewAddress(db: Knex, row: ProvedAddress, wasFree: boolean): Promise<boolean> {
  if (!(await (wasFree ? takeIdentity : verifyNewIdentity)(db, row))) return false
  // Nearly always nobody has it. What is the newcomer's was written just now.
  return (await addBinding(db, bindingOf(row))) || saveBinding(db, bindingOf(row))
}

function bindingOf({ kind, value, user_id, verified_at }: ProvedAddress): NewBinding {
  return { bind_type: addressBindTypes[kind], bind_id: value, user_id, bind_time: verified_at }
}

/** Takes an address from the user, for both servers; the user's other bound ones stay. */
export async function unbindAddress(
  db: Knex,
  row: { readonly kind: AddressKind; readonly value: string; readonly user_id: number },
): Promise<void> {
  const { kind, value, user_id } = row
  await deleteIdentity(db, row)
  await db('account_user_bind_connect')
    .where({ user_id, bind_type: addressBindTypes[kind] })
    .whereIn('bind_id', [...boundForms(kind, value)])
    .delete()
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
