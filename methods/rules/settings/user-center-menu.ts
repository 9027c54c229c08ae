import type { SettingRow } from '../../../db/settings.js'
import { readObject } from './setting-rules.js'

/** A tile of the member page (account-beside.md §3.3). */
interface Tile {
  readonly id: number
  readonly name: string
  readonly FeatureKey: string
  readonly url: string
  readonly icon: string
  readonly color: string
  /** Whether its page is the shop's, and not there where no shop is. */
  readonly ofShop?: true
}

type Menu = Record<string, unknown>

const tiles: readonly Tile[] = [
  {
    id: 36,
    name: '售后服务',
    FeatureKey: 'service',
    url: '/member/member/returnlist',
    icon: 'zc zc-shouhoufuwu',
    color: '#44afa4',
    ofShop: true,
  },
  {
    id: 44,
    name: '签到',
    FeatureKey: 'MemSign',
    url: '/member/member/sign',
    icon: 'zc zc-wodeqiandao',
    color: '#5cdbd3',
    ofShop: true,
  },
  {
    id: 6,
    name: '会员中心',
    FeatureKey: 'MemGrade',
    url: '/member/member/task',
    icon: 'zc zc-huiyuanzhongxin',
    color: '#ffc333',
  },
  {
    id: 107,
    name: '商品收藏',
    FeatureKey: 'FavProd',
    url: '/member/member/favorites',
    icon: 'zc zc-wodeshoucang',
    color: '#56ABE4',
    ofShop: true,
  },
  {
    id: 108,
    name: '我的足迹',
    FeatureKey: 'FavProd',
    url: '/member/member/browse',
    icon: 'zc zc-wodezuji',
    color: '#56ABE4',
    ofShop: true,
  },
  {
    id: 8,
    name: '收货地址',
    FeatureKey: 'UserAddress',
    url: '/member/address/list',
    icon: 'zc zc-wodedizhi',
    color: '#1BC2A6',
  },
  {
    id: 120,
    name: '开票信息',
    FeatureKey: 'UserInvoice',
    url: '/member/invoice/list',
    icon: 'zc zc-kaipiaoxinxi',
    color: '#ff85c0',
  },
  {
    id: 120,
    name: '我的发票',
    FeatureKey: 'OrderInvoice',
    url: '/member/invoice/order',
    icon: 'zc zc-wodefapiao',
    color: '#ffc069',
    ofShop: true,
  },
  {
    id: 32,
    name: '帮助',
    FeatureKey: 'Help',
    url: '/pagesub/article/list',
    icon: 'zc zc-bangzhuzhongxin',
    color: '#ac8dd5',
    ofShop: true,
  },
  {
    id: 11,
    name: '清除缓存',
    FeatureKey: 'CleanCacheKey',
    url: '',
    icon: 'zc zc-qingchuhuancun',
    color: '#80b7f2',
  },
]

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
