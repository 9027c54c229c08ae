import type { MethodName } from '../../../contract/method.js'
import { compareDates } from '../../compare/compare-dates.js'
import { formatTime } from '../../../wire/time.js'
import { pathOf } from '../pack/path-checks.js'
import { rules, type WireRule } from '../rules.js'
import { shapesOf } from '../shape-sources.js'
import { accountData, accountError, both, type Wants } from '../wants.js'
import { memberAt, textAt, type WireAnswer } from '../wire-answer.js'
import { pathCall } from '../wire-call.js'
import { type Stage, step } from './stage.js'

/** Rows that a user has of their own: addresses, invoices. */
interface RowKind {
  readonly folder: 'front.account.userDeliveryAddress' | 'front.account.userInvoice'
  readonly id: string
  readonly change: 'save' | 'edit'
  readonly rule: WireRule
  /** What is added, and how the row says it. */
  readonly given: Readonly<Record<string, string>>
  readonly changed: Readonly<Record<string, string>>
  readonly flag: string
  readonly time: string
}

const kinds: readonly RowKind[] = [
  {
    folder: 'front.account.userDeliveryAddress',
    id: 'ud_id',
    change: 'save',
    rule: rules.addresses,
    given: { ud_name: 'move/check', ud_mobile: '13000000000', ud_address: '一号/1', ud_postalcode: '200030' },
    changed: { ud_address: '二号' },
    flag: 'ud_is_default',
    time: 'ud_time',
  },
  {
    folder: 'front.account.userInvoice',
    id: 'user_invoice_id',
    change: 'edit',
    rule: rules.invoices,
    given: { invoice_title: 'move/check', invoice_content: '明细' },
    changed: { invoice_content: '办公用品' },
    flag: 'invoice_is_default',
    time: 'invoice_datetime',
  },
]

/** Adds a row of each kind, changes it, reads it and takes it away. */
export async function checkOwnRows(stage: Stage, token: string): Promise<void> {
  for (const kind of kinds)
    if (['add', 'get', 'list', 'remove', kind.change].some((name) => stage.wants(`${kind.folder}.${name}`)))
      await checkRow(stage, token, kind)
}

async function checkRow(stage: Stage, token: string, kind: RowKind): Promise<void> {
  const { folder, id, change, rule, given, changed, flag } = kind
  const rowsOf = (method: string) => accountData(...shapesOf(method as MethodName))
  const make = (name: string, title: string, params: Record<string, string>, wants: Wants, verb?: 'GET') => {
    const method = `${folder}.${name}`
    const call = pathCall(pathOf(method), { verb: verb ?? 'POST', token, ...params })
    return step(stage, { method, title, rule, call, wants })
  }
  const added = await make(
    'add',
    'added',
    { ...given, [flag]: 'true' },
    both(rowsOf(`${folder}.add`), says(given), isNow(stage, kind.time)),
  )
  const row = textAt(added?.tree, 'data', id)
  if (row === undefined) return
  await make('get', 'read', { [id]: row }, both(rowsOf(`${folder}.get`), says(given)), 'GET')
  await make('list', 'in the list', {}, both(rowsOf(`${folder}.list`), holds(id, row)), 'GET')
  const rest = { ...given, ...changed }
  await make(
    change,
    'one field changed',
    { [id]: row, ...changed },
    both(rowsOf(`${folder}.${change}`), says(rest)),
  )
  await make(change, 'the same again', { [id]: row, ...changed }, rowsOf(`${folder}.${change}`))
  await make(change, 'of nobody', { [id]: '2147483647', ...changed }, accountError('OPERATION_FAILED'))
  await make('remove', 'removed', { [id]: row }, accountData())
  await make('remove', 'removed again', { [id]: row }, accountError('OPERATION_FAILED'))
  await make('get', 'read after it was removed', { [id]: row }, accountError('OPERATION_FAILED'), 'GET')
}

function says(fields: Readonly<Record<string, string>>): Wants {
  return ({ tree }) =>
    Object.entries(fields).flatMap(([name, value]) => {
      const came = textAt(tree, 'data', name)
      const path = `$.data.${name}`
      return came === value
        ? []
        : [{ kind: 'value' as const, path, recorded: value, came: came ?? '(missing)' }]
    })
}

function holds(id: string, row: string): Wants {
  return ({ tree }) => {
    const items = memberAt(tree, 'data', 'items')
    const isThere = items?.kind === 'list' && items.items.some((item) => textAt(item, id) === row)
    return isThere
      ? []
      : [{ kind: 'list-length', path: '$.data.items', recorded: 'the row', came: 'not among them' }]
  }
}

/** Seconds that the clocks of a server and its `Date` may be apart. */
const slack = 300

/** That a moment is the present, by the server's own clock, in the zone of the wire. */
function isNow({ timeZone }: Stage, name: string): Wants {
  return (answer: WireAnswer) => {
    const came = textAt(answer.tree, 'data', name)
    const now = Date.parse(answer.headers['date'] ?? '')
    if (came === undefined || came === '' || Number.isNaN(now)) return []
    const wanted = formatTime(now, timeZone)
    const apart = Math.abs(
      Date.parse(`${came.replace(' ', 'T')}Z`) - Date.parse(`${wanted.replace(' ', 'T')}Z`),
    )
    if (apart <= slack * 1000) return []
    const isForm = (compareDates(wanted, came) ?? ['date-form']).includes('date-form')
    return [{ kind: isForm ? 'date-form' : 'date-zone', path: `$.data.${name}`, recorded: wanted, came }]
  }
}
