import type { MethodName } from '../../../gateway/contract/method.js'
import type { ListedRow, Order } from './reference.js'
import {
  addressRows,
  auditRows,
  ownAddressRows,
  ownInvoiceRows,
  ownMessageRows,
  sessionRows,
} from './rows.js'
import { admin, owner, userRows } from './users.js'

/** A list of the wire, with what it is to answer from. */
export interface TestedList {
  readonly method: MethodName
  /** Whose call it is. */
  readonly caller: number
  /** All rows that the caller may see. */
  readonly rows: readonly ListedRow[]
  readonly order: readonly Order[]
  /** The answer's item as the key of its row. */
  readonly keyOf: (item: Readonly<Record<string, unknown>>) => unknown
  /** Rows without `size`. */
  readonly defaultSize: number
  /** Filters that count without being sent. */
  readonly presumed?: Readonly<Record<string, number>>
  /** Values that are sent otherwise than they are shown. */
  readonly spellings?: Readonly<Record<string, (value: string) => string>>
  /** Parameters that say how to answer, and filter nothing. */
  readonly manners?: readonly string[]
}

const descending = (column: string): Order => ({ column, descending: true })
const anyCode = { ud_intl: (code: string) => (code === '+1' ? '1+' : code.slice(1)) }
const byColumn = (column: string) => (item: Readonly<Record<string, unknown>>) => item[column]

export const testedLists: readonly TestedList[] = [
  {
    method: 'front.account.userDeliveryAddress.list',
    caller: owner,
    rows: ownAddressRows,
    order: [descending('ud_is_default'), descending('ud_time')],
    keyOf: byColumn('ud_id'),
    spellings: anyCode,
    defaultSize: 100,
  },
  {
    method: 'manage.account.userDeliveryAddress.list',
    caller: admin,
    rows: addressRows,
    order: [descending('ud_id')],
    keyOf: byColumn('ud_id'),
    spellings: anyCode,
    defaultSize: 10,
  },
  {
    method: 'front.account.userInvoice.list',
    caller: owner,
    rows: ownInvoiceRows,
    order: [descending('user_invoice_id')],
    keyOf: byColumn('user_invoice_id'),
    defaultSize: 100,
  },
  {
    method: 'front.account.userMessage.list',
    caller: owner,
    rows: ownMessageRows,
    order: [descending('message_time'), { column: 'message_is_read', descending: false }],
    keyOf: byColumn('message_id'),
    defaultSize: 10,
    presumed: { message_kind: 2 },
  },
  {
    method: 'front.account.userMessage.listChatMsg',
    caller: owner,
    rows: ownMessageRows,
    order: [descending('message_time')],
    keyOf: ({ msg }) => (msg as { message_id: number }).message_id,
    defaultSize: 10,
    manners: ['source_type'],
  },
  {
    method: 'manage.account.user.list',
    caller: admin,
    rows: userRows,
    order: [descending('user_id')],
    keyOf: byColumn('user_id'),
    defaultSize: 10,
    // Whoever has none is not asked for.
    spellings: { user_mobile: (mobile) => `+86${mobile}`, user_email: (email) => email.toUpperCase() },
  },
  {
    method: 'manage.account.userSession.list',
    caller: admin,
    rows: sessionRows,
    order: [descending('end_time')],
    keyOf: byColumn('session_id'),
    defaultSize: 10,
  },
  {
    method: 'manage.account.audit.list',
    caller: admin,
    rows: auditRows,
    order: [descending('happened_at')],
    keyOf: byColumn('audit_id'),
    defaultSize: 10,
  },
]
