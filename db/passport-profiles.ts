import type { Knex } from 'knex'

/** Contacts, habits and brands: what the passport's get… and modify… methods keep. */
export interface PassportProfileRow {
  user_id: number
  qq: string
  msn: string
  mobile: string
  phone: string
  area_code: number
  full_address: string
  zip_code: string
  shopping: string
  dress: string
  brand: string
}

declare module 'knex/types/tables.js' {
  interface Tables {
    passport_profile: PassportProfileRow
  }
}

/** The user's profile, empty where it was never filled in; undefined when there is no such user. */
export async function findProfile(db: Knex, userId: number): Promise<PassportProfileRow | undefined> {
  const row = await db('account_user_base as base')
    .leftJoin('passport_profile as profile', 'profile.user_id', 'base.user_id')
    .where('base.user_id', userId)
    .first<Partial<PassportProfileRow> | undefined>('profile.*')
  const empty = { qq: '', msn: '', mobile: '', phone: '', area_code: 0, full_address: '', zip_code: '' }
  if (!row) return undefined
  const filled = Object.fromEntries(Object.entries(row).filter(([, value]) => value !== null))
  return { ...empty, shopping: '', dress: '', brand: '', ...filled, user_id: userId }
}

/** Changes the given fields only. */
export async function saveProfile(
  db: Knex,
  userId: number,
  change: Partial<Omit<PassportProfileRow, 'user_id'>>,
): Promise<void> {
  const fields = Object.keys(change) as (keyof PassportProfileRow)[]
  if (fields.length === 0) return
  await db('passport_profile')
    .insert({ user_id: userId, ...change })
    .onConflict('user_id')
    .merge(fields)
}
