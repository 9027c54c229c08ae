import {
  findSettingRows,
  listSettingGroups,
  type SettingGroup,
  type SettingRow,
} from '../../../db/settings.js'
import type { UserLevelRow } from '../../../db/user-levels.js'
import type { Services } from '../../../gateway/services/services.js'
import { readBoolean } from '../../../gateway/wire/booleans.js'
import type { Contracts } from '../../../schemas/contracts.js'
import { computedKeys } from './computed-keys.js'
import {
  listSourceKeys,
  orderStates,
  paymentChannels,
  paymentModule,
  returnStates,
} from './computed-lists.js'
import { isDistrictIds, readList, readObject, type SettingRule, type SettingRules } from './setting-rules.js'
import { siteKeys } from './site-keys.js'
import { menuSourceKey, readMenu, userCenterMenu } from './user-center-menu.js'

/** What front ends are told of the site. */
export type SiteInfo = Contracts['front.sys.config.info']['result']

/** What the answer is made of. */
export interface SiteSettings {
  readonly rows: ReadonlyMap<string, SettingRow>
  /** The groups of ways to pay; undefined where no shop stands beside us. */
  readonly paymentGroups: readonly SettingGroup[] | undefined
}

/** What holds while nothing is set. */
export const defaultSiteSettings: SiteSettings = { rows: new Map(), paymentGroups: undefined }

const readKeys = [...Object.keys(siteKeys), ...Object.keys(computedKeys), ...listSourceKeys, menuSourceKey]

/** What was set, here or in an old shop. */
export async function loadSiteSettings({ db, cache }: Pick<Services, 'db' | 'cache'>): Promise<SiteSettings> {
  return (await cache.fetch('site-settings', () => readSiteSettings({ db }))) ?? defaultSiteSettings
}

async function readSiteSettings({ db }: Pick<Services, 'db'>): Promise<SiteSettings> {
  return {
    rows: await findSettingRows(db, readKeys),
    paymentGroups: await listSettingGroups(db, paymentModule),
  }
}

/** The name of the site, in mails. */
export async function loadSiteName(services: Pick<Services, 'db' | 'cache'>): Promise<string> {
  const { rows } = await loadSiteSettings(services)
  return rows.get('site_name')?.value ?? siteKeys.site_name.default
}

/** The answer of `front/sys/config/info` (account-beside.md §3.1–3.3); a key that has no value is not in it. */
export function describeSite(settings: SiteSettings, levels: readonly UserLevelRow[]): SiteInfo {
  const { rows } = settings
  const known: SettingRules = siteKeys
  const values: [string, unknown][] = []
  for (const [key, rule] of Object.entries(known)) {
    const value = readValue(rule, rows.get(key))
    if (value !== undefined) values.push([key, value])
  }
  // The contract has the table's keys, with the same defaults: a test holds one against the other.
  const described = Object.fromEntries(values) as Omit<SiteInfo, keyof typeof computedKeys>
  return { ...described, ...describeComputed(settings, levels) }
}

/** A site key's value; undefined where there is none. An old shop's row is read by its own type first. */
function readValue(rule: SettingRule, row: SettingRow | undefined): unknown {
  const text = row?.value ?? rule.default
  if (text === undefined) return undefined
  if (rule.kind === 'list') return readList(text)
  if (rule.kind === 'districts') return isDistrictIds(text) ? text : rule.default
  const isNumber = rule.kind !== 'text' || numberTypes.has(row?.datatype ?? '')
  return isNumber ? readInteger(text) : text
}

/** Types of an old shop's rows that it sends as whole numbers. */
const numberTypes: ReadonlySet<string> = new Set(['radio', 'select', 'number'])

/** A switch is a number too: clients take the text "0" for true. Null for what is no number. */
function readInteger(text: string): number | null {
  const value = text.trim()
  if (/^-?\d{1,15}(\.\d*)?$/.test(value)) return Math.trunc(Number(value))
  const isOn = readBoolean(value)
  return isOn === undefined ? null : Number(isOn)
}

function describeComputed({ rows, paymentGroups }: SiteSettings, levels: readonly UserLevelRow[]) {
  const text = (key: keyof typeof computedKeys) => rows.get(key)?.value ?? ''
  return {
    ...describeLevels(readObject(text('user_level_map')), readObject(text('user_level_rate_map')), levels),
    order_state_list: readList(text('order_state_list')) ?? orderStates(rows) ?? [],
    return_state_list: readList(text('return_state_list')) ?? [...returnStates],
    payment_channel_list:
      readList(text('payment_channel_list')) ?? paymentChannels(rows, paymentGroups ?? []),
    error_type_list: readList(text('error_type_list')) ?? [],
    user_center_menu:
      readMenu(text('user_center_menu')) ??
      userCenterMenu(rows.get(menuSourceKey), paymentGroups !== undefined),
  }
}

/** Pages divide by the rate of the user's level, so a level that was not set has that of the table. */
function describeLevels(
  names: object | undefined,
  rates: object | undefined,
  levels: readonly UserLevelRow[],
) {
  const nameOf = levels.map((level) => [level.user_level_id, level.user_level_name])
  const rateOf = levels.map((level) => [level.user_level_id, Number(level.user_level_rate)])
  return {
    user_level_map: { ...Object.fromEntries(nameOf), ...names } as Record<string, string>,
    user_level_rate_map: { ...Object.fromEntries(rateOf), ...rates } as Record<string, number>,
  }
}
