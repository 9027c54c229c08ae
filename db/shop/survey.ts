import type { Knex } from 'knex'
import { findGreatestUserId, findNextUserId } from '../users.js'
import { findTables } from './found.js'
import { offsetAt } from './zones.js'

/** What an operator wants to know of a shop before it is adopted. */
export interface Survey {
  readonly users: number
  /** 0 without users. */
  readonly greatestId: number
  /** What the database gives the next user. */
  readonly nextId: number
  /** Numbers, e-mails and WeChat identities that two users or more have, and nicknames that they share. */
  readonly duplicates: Readonly<Record<'mobiles' | 'emails' | 'openids' | 'nicknames', number>>
  /** Users whose number another user has bound: the one who bound it gets it. */
  readonly overruled: number
  /** Users whose row has a number that is none, so that nobody has it here; the first of them by their ids. */
  readonly unreadable: { readonly users: number; readonly first: readonly number[] }
  /** Hours before UTC at which days and instants of registrations fit best; empty: nothing to compare. */
  readonly zoneHours: readonly number[]
  readonly administrators: readonly { readonly user_id: number; readonly role: string | null }[]
}

/** Reads a shop's tables, as far as they are there, and changes nothing. */
export async function surveyShop(db: Knex): Promise<Survey> {
  const tables = await findTables(db)
  const has = (table: string, ...columns: string[]) =>
    columns.every((column) => tables.get(table)?.columns.has(column))
  const info = 'account_user_info'
  const bindings = 'account_user_bind_connect'
  const groups = async (table: string, columns: readonly string[]) =>
    has(table, ...columns) ? countGroups(db, table, columns) : 0
  const hasNumbers = has(info, 'user_intl', 'user_mobile')
  const isOverruled = hasNumbers && has(bindings, 'bind_id', 'bind_type', 'user_id')
  return {
    users: has('account_user_base', 'user_id') ? await countRows(db.from('account_user_base')) : 0,
    ...(has('account_user_base', 'user_id')
      ? { greatestId: await findGreatestUserId(db), nextId: await findNextUserId(db) }
      : { greatestId: 0, nextId: 1 }),
    duplicates: {
      mobiles: await groups(info, ['user_mobile', 'user_intl']),
      emails: await groups(info, ['user_email']),
      openids: await groups(bindings, ['bind_openid', 'bind_type']),
      nicknames: await groups(info, ['user_nickname']),
    },
    overruled: isOverruled ? await countOverruled(db) : 0,
    unreadable: hasNumbers ? await findUnreadable(db) : { users: 0, first: [] },
    zoneHours: await findZoneHours(
      db,
      tables.get('account_user_login')?.columns.get('user_reg_time')?.dataType,
    ),
    administrators: has('admin_user_admin', 'user_role_id') ? await listShopAdmins(db) : [],
  }
}

async function countRows(query: Knex.QueryBuilder): Promise<number> {
  const row: Record<string, unknown> | undefined = await query.count({ n: '*' }).first()
  return Number(row?.['n'] ?? 0)
}

/** How many values of the first column, together with the others, stand in two rows or more. */
async function countGroups(db: Knex, table: string, columns: readonly string[]): Promise<number> {
  const repeated = db
    .from(table)
    .whereNot(columns[0] ?? '', '')
    .groupBy([...columns])
    .havingRaw('count(*) > 1')
    .select(db.raw('1 as n'))
    .as('repeated')
  return countRows(db.from(repeated))
}

async function countOverruled(db: Knex): Promise<number> {
  return countRows(
    db
      .from('account_user_info as info')
      .joinRaw(
        `join account_user_bind_connect as bound on bound.bind_id = concat(info.user_intl, info.user_mobile)
          and bound.bind_type = 1 and bound.user_id <> info.user_id`,
      )
      .whereNot('info.user_mobile', ''),
  )
}

/** How many users are named. */
const mostFirst = 5

/** A number stands there whole, with `+`, or as the digits behind its area; the mainland's are known by their form. */
async function findUnreadable(db: Knex): Promise<Survey['unreadable']> {
  const unreadable = () =>
    db
      .from('account_user_info')
      .where('user_mobile', '<>', '')
      .whereRaw("user_mobile not regexp '^[+][1-9][0-9]{6,14}$'")
      .whereRaw(`user_mobile not regexp if(user_intl in ('', '86', '+86'), '^1[0-9]{10}$', '^[0-9]{4,14}$')`)
  const first: { user_id: number }[] = await unreadable()
    .orderBy('user_id')
    .limit(mostFirst)
    .select('user_id')
  return { users: await countRows(unreadable()), first: first.map(({ user_id }) => user_id) }
}

async function listShopAdmins(db: Knex): Promise<{ user_id: number; role: string | null }[]> {
  return db
    .from('admin_user_admin as admin')
    .leftJoin('admin_user_role as role', 'role.user_role_id', 'admin.user_role_id')
    .orderBy('admin.user_id')
    .select('admin.user_id', 'role.user_role_name as role')
}

const hourMilliseconds = 3_600_000

/** The old server wrote the day of a registration in its own zone, and its instant in milliseconds. */
async function findZoneHours(db: Knex, timeType: string | undefined): Promise<number[]> {
  if (timeType !== 'bigint') return []
  const rows: { day: Date | string | null; at: number | string }[] = await db
    .from('account_user_login')
    .where('user_reg_time', '>', 1e11)
    .orderBy('user_id', 'desc')
    .limit(2000)
    .select('user_reg_date as day', 'user_reg_time as at')
  const pairs = rows.flatMap(({ day, at }) => {
    const date =
      day instanceof Date && !Number.isNaN(day.getTime()) ? day.toISOString().slice(0, 10) : undefined
    return date === undefined ? [] : [{ date, at: Number(at) }]
  })
  if (pairs.length === 0) return []
  const votes = Array.from({ length: 27 }, (_, index) => {
    const hours = index - 12
    const dayOf = (at: number) => new Date(at + hours * hourMilliseconds).toISOString().slice(0, 10)
    return { hours, count: pairs.filter(({ date, at }) => dayOf(at) === date).length }
  })
  const best = Math.max(...votes.map(({ count }) => count))
  return votes.filter(({ count }) => count === best).map(({ hours }) => hours)
}

/** Whether a zone is among the hours that the shop's times fit best now. */
export function fitsZone(hours: readonly number[], timeZone: string, now: number): boolean {
  return hours.length === 0 || hours.includes(offsetAt(now, timeZone) / hourMilliseconds)
}
