import type { SettingGroup, SettingRow } from '../../../db/settings.js'
import { readBoolean } from '../../../gateway/wire/booleans.js'

/** Rows of an old shop that lists are computed from (account-beside.md §3.2), and are never sent themselves. */
export const listSourceKeys = [
  'sc_order_process',
  ...['wechat', 'alipay', 'offline', 'money', 'points'].flatMap((way) => [
    `${way}_pay_enable`,
    `${way}_pay_logo`,
  ]),
]

type Rows = ReadonlyMap<string, SettingRow>

interface StateLabel {
  readonly value: number
  readonly label: string
}

const cancelled: StateLabel = { value: 2070, label: '交易取消' }
const shippedStates = '2010:待支付|2020:待出库|2030:待发货|2040:待收货|2060:交易完成'

/** The states of an order that the shop goes through, and that of one called off; undefined without a shop. */
export function orderStates(rows: Rows): StateLabel[] | undefined {
  const row = rows.get('sc_order_process')
  if (!row) return undefined
  const chosen = new Set(row.value.match(/\d+/g)?.map(Number))
  const options = readOptions(row.options ?? '')
  const states = options.length > 0 ? options : readOptions(shippedStates)
  return [...states.filter(({ value }) => chosen.has(value)), cancelled]
}

function readOptions(text: string): StateLabel[] {
  const options = text.matchAll(/(\d+)\s*:\s*([^|,\r\n]+)/g)
  return [...options].map(([, id, label = '']) => ({ value: Number(id), label: label.trim() }))
}

/** The states of a return, which no shop changes. */
export const returnStates: readonly StateLabel[] = [
  { value: 3100, label: '提交退单' },
  { value: 3105, label: '退单审核' },
  { value: 3110, label: '收货确认' },
  { value: 3115, label: '退款确认' },
  { value: 3120, label: '收款确认' },
  { value: 3125, label: '完成' },
  { value: 3130, label: '拒绝退货' },
  { value: 3135, label: '买家取消' },
]

/** The module of an old shop whose groups are ways to pay. */
export const paymentModule = 1004

/** By group: the code that clients know a way to pay by, and what its settings' names begin with. */
const paymentWays: Readonly<Record<number, readonly [code: string, prefix: string]>> = {
  1403: ['wxpay', 'wechat'],
  1401: ['alipay', 'alipay'],
  1422: ['offline', 'offline'],
  1406: ['money', 'money'],
  1413: ['points', 'points'],
}

/** The ways to pay that a shop has, whether they are switched on or not. */
export function paymentChannels(rows: Rows, groups: readonly SettingGroup[]) {
  return groups.flatMap(({ id, name }) => {
    const [code, prefix] = paymentWays[id] ?? []
    if (code === undefined) return []
    const logo = rows.get(`${prefix}_pay_logo`)?.value ?? ''
    const enable = readBoolean(rows.get(`${prefix}_pay_enable`)?.value ?? '') ?? false
    return [{ value: id, label: name, ext1: logo, ext2: code, enable }]
  })
}
