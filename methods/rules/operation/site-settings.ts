import {
  deleteSetting,
  findOwnSettings,
  findSettingRows,
  findSettings,
  lockSetting,
  saveSetting,
} from '../../../db/settings.js'
import { transaction } from '../../../db/transaction.js'
import type { Services } from '../../../gateway/services/services.js'
import { audit } from '../audit.js'
import { findSettingProblem, knownSettings, publicSettings } from '../settings/known-settings.js'
import type { SettingKind } from '../settings/setting-rules.js'
import type { Operator } from './operator.js'
import { refusal } from './refusals.js'

type SettingServices = Pick<Services, 'db' | 'clock'>

/** A setting as it is in force. */
export interface SettingInForce {
  readonly key: string
  readonly value: string
  /** `shop`: a row of an old shop, which nothing that was set here replaces. */
  readonly source: 'set' | 'shop' | 'default'
  readonly kind: SettingKind
  readonly meaning: string
  readonly meaning_zh: string
}

/** Sets a setting here. Throws FIELD_REFUSED for a value that does not fit. */
export async function setSetting(
  services: SettingServices,
  { key, value }: { readonly key: string; readonly value: string },
  operator: Operator,
): Promise<void> {
  if (!Object.hasOwn(knownSettings, key)) throw refusal(`there is no setting ${key}`, `没有设置项 ${key}`)
  const problem = findSettingProblem(key, value)
  if (problem !== undefined) throw refusal(`${key}: ${problem}`, `${key} 的值不合要求：${problem}`)
  await transaction(services, async (services) => {
    const before = await lockSetting(services.db, key)
    await saveSetting(services.db, key, value)
    await audit(services, operator, { detail: `${key}, ${value.length} characters, ${wordsOf(before)}` })
  })
}

/** Goes back to the default. Throws FIELD_REFUSED for a setting that was not set here. */
export async function unsetSetting(
  services: SettingServices,
  key: string,
  operator: Operator,
): Promise<void> {
  await transaction(services, async (services) => {
    const before = await lockSetting(services.db, key)
    if (!(await deleteSetting(services.db, key))) throw refusal(`${key} is not set`, `${key} 未设置`)
    await audit(services, operator, { detail: `${key}, ${wordsOf(before)}` })
  })
}

/** Of a value that was replaced the audit keeps so much, in characters. No setting is a secret: clients are told them. */
const mostKept = 150

function wordsOf(before: string | undefined): string {
  if (before === undefined) return 'was not set'
  const kept = Array.from(before).slice(0, mostKept).join('')
  return kept === before ? `was "${before}"` : `was "${kept}…" (${before.length} characters)`
}

/** The named settings as they are in force; all if none is named. */
export async function readSettings(
  { db }: Pick<Services, 'db'>,
  keys: readonly string[] = Object.keys(knownSettings),
): Promise<SettingInForce[]> {
  const own = await findOwnSettings(db, keys)
  const found = await findSettings(db, keys)
  const rows = await findSettingRows(
    db,
    keys.filter((key) => Object.hasOwn(publicSettings, key)),
  )
  return keys.map((key) => {
    const { default: preset = '', meaning = '', zh = '', kind = 'text' } = knownSettings[key] ?? {}
    const value = rows.get(key)?.value ?? found.get(key)
    const source = own.has(key) ? 'set' : value === undefined ? 'default' : 'shop'
    return { key, value: value ?? preset, source, kind, meaning, meaning_zh: zh }
  })
}
