import type { SettingRow } from '../../../db/settings.js'
import { readObject } from './setting-rules.js'
import { tiles } from './member-page-tiles.js'

type Menu = Record<string, unknown>

/** The row of an old shop that holds its menu. */
export const menuSourceKey = 'app_member_center'

/** The menu of the member page: the shop's, or the one built in where that is missing or broken. */
export function userCenterMenu(row: SettingRow | undefined, isBesideShop: boolean): Menu {
  const page = row && readObject(row.value)?.['PageCode']
  return (typeof page === 'string' ? readMenu(page) : undefined) ?? builtInMenu(isBesideShop)
}

/** A menu as it was written; undefined where the member page could not draw it. */
export function readMenu(text: string): Menu | undefined {
  const menu = readObject(text)
  if (!menu || !Array.isArray(menu['list'])) return undefined
  const isTile = (tile: unknown) => typeof tile === 'object' && tile !== null
  const type = Number.isInteger(menu['type']) ? menu['type'] : 2
  return { titleType: 1, ...menu, type, list: menu['list'].filter(isTile) }
}

function builtInMenu(isBesideShop: boolean): Menu {
  const shown = tiles.filter(({ ofShop }) => isBesideShop || !ofShop)
  const list = shown.map(({ id, name, color, icon, FeatureKey, url }) => ({
    id,
    name,
    isShow: true,
    cat: 1,
    color,
    icon,
    FeatureKey,
    url,
  }))
  return { type: 2, titleType: 1, list }
}
