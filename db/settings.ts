import type { Knex } from 'knex'

declare module 'knex/types/tables.js' {
  interface Tables {
    sys_config_base: { config_key: string; config_value: string | null; config_enable: number }
  }
}

/** The enabled ones of the named settings. */
export async function findSettings(db: Knex, keys: readonly string[]): Promise<Map<string, string>> {
  const rows = await db('sys_config_base')
    .whereIn('config_key', [...keys])
    .where({ config_enable: 1 })
    .select('config_key', 'config_value')
  return new Map(rows.map((row) => [row.config_key, row.config_value ?? '']))
}

/** Stores a setting's value and enables it; whatever else its row holds stays. */
export async function saveSetting(db: Knex, key: string, value: string): Promise<void> {
  const row = { config_key: key, config_value: value, config_enable: 1 }
  await db('sys_config_base').insert(row).onConflict('config_key').merge()
}

/** Whether there was such a setting, enabled or not. */
export async function deleteSetting(db: Knex, key: string): Promise<boolean> {
  return (await db('sys_config_base').where({ config_key: key }).delete()) > 0
}
