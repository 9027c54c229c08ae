import type { Knex } from 'knex'
import { compileShapes } from './compiled-read.js'
import { isMysql } from './connect.js'

declare module 'knex/types/tables.js' {
  interface Tables {
    /** What the operator has set here. */
    site_setting: { setting_key: string; setting_value: string; changed_at: number }
    /** The settings of an old shop, which its own admin site writes. */
    sys_config_base: {
      config_key: string
      config_value: string | null
      config_datatype: string
      config_options: string
      config_enable: number
    }
    sys_config_type: { config_type_id: number; config_type_name: string; config_type_module: number }
  }
}

/** The value of a setting, and what an old shop's row says of it; nothing where it was set here. */
export interface SettingRow {
  readonly value: string
  readonly datatype?: string
  /** What may be chosen, as `2010:待支付|2020:待出库`. */
  readonly options?: string
}

const readSettings = compileShapes()

/** The named settings: what was set here before the enabled rows of an old shop. */
export async function findSettings(db: Knex, keys: readonly string[]): Promise<Map<string, string>> {
  const rows = await readSettings<{ name: string; value: string | null }>(
    db,
    { key: String(keys.length), build: (marks) => selectSettings(db, marks as readonly string[]) },
    [...keys, ...keys],
  )
  return new Map(rows.map(({ name, value }) => [name, value ?? '']))
}

/** What was set here comes last, so that it counts. The marks are the keys, twice. */
function selectSettings(db: Knex, marks: readonly string[]): Knex.QueryBuilder {
  // An old table has a collation of its own.
  const text = (column: string) =>
    isMysql(db) ? `convert(${column} using utf8mb4) collate utf8mb4_general_ci` : column
  const named = (column: string, as: string) => db.raw(`${text(column)} as ${as}`)
  const own: Knex.QueryBuilder = db('site_setting')
    .whereIn('setting_key', marks.slice(marks.length / 2))
    .select(named('setting_key', 'name'), named('setting_value', 'value'), db.raw('1 as is_own'))
  const found: Knex.QueryBuilder = db('sys_config_base')
    .whereIn('config_key', marks.slice(0, marks.length / 2))
    .where({ config_enable: 1 })
    .select(named('config_key', 'name'), named('config_value', 'value'), db.raw('0 as is_own'))
    .unionAll(own)
  return db.from(found.as('found')).select('name', 'value').orderBy('is_own')
}

/** The same with the types of rows, and those of an old shop that are not enabled too (account-beside.md §3). */
export async function findSettingRows(db: Knex, keys: readonly string[]): Promise<Map<string, SettingRow>> {
  const shops = await db('sys_config_base')
    .whereIn('config_key', [...keys])
    .select('config_key', 'config_value', 'config_datatype', 'config_options')
  const rows = new Map<string, SettingRow>(
    shops.map(({ config_key, config_value, config_datatype: datatype, config_options: options }) => [
      config_key,
      { value: config_value ?? '', datatype, options },
    ]),
  )
  for (const [key, value] of await findOwnSettings(db, keys)) rows.set(key, { value })
  return rows
}

/** Those of the named settings that were set here. */
export async function findOwnSettings(db: Knex, keys: readonly string[]): Promise<Map<string, string>> {
  const rows = await db('site_setting').whereIn('setting_key', [...keys])
  return new Map(rows.map((row) => [row.setting_key, row.setting_value]))
}

/** The value of a setting that was set here, undefined for none; nobody changes it until the transaction ends. */
export async function lockSetting(db: Knex.Transaction, key: string): Promise<string | undefined> {
  const row = await db('site_setting').where({ setting_key: key }).forUpdate().first('setting_value')
  return row?.setting_value
}

/** Sets a setting here; an old shop's own row of it stays as it is. */
export async function saveSetting(db: Knex, key: string, value: string): Promise<void> {
  const row = { setting_key: key, setting_value: value, changed_at: Date.now() }
  await db('site_setting').insert(row).onConflict('setting_key').merge()
}

/** Whether there was such a setting of ours. */
export async function deleteSetting(db: Knex, key: string): Promise<boolean> {
  return (await db('site_setting').where({ setting_key: key }).delete()) > 0
}

/** A group of an old shop's settings. */
export interface SettingGroup {
  readonly id: number
  readonly name: string
}

/** Groups of a module of an old shop's settings, in their order; undefined where the database is no shop's. */
export async function listSettingGroups(db: Knex, moduleId: number): Promise<SettingGroup[] | undefined> {
  // We make no such table, and every shop has it.
  if (!(await db.schema.hasTable('sys_config_type'))) return undefined
  const rows = await db('sys_config_type')
    .where({ config_type_module: moduleId })
    .orderBy(['config_type_sort', 'config_type_id'])
    .select('config_type_id', 'config_type_name')
  return rows.map((row) => ({ id: row.config_type_id, name: row.config_type_name }))
}
