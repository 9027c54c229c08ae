import type { SeenAnswer } from '../answers.js'
import { countMessages, type Owner, partnerOf } from './rows.js'

/** A call of a front end, and what it must answer for a user. */
export interface ListCall {
  readonly title: string
  /** The method, and its path. */
  readonly path: string
  readonly params: (owner: Owner, users: number) => Readonly<Record<string, string>>
  readonly expected: (owner: Owner) => Expected
}

interface Expected {
  /** How many rows there are in all: of a list, of an array, or `num`. */
  readonly records: number
  /** How many of them are answered. */
  readonly items?: number
}

const pageSize = 10
/** Addresses and invoices are answered all at once; a user has at most as many. */
const allOf = (records: number): Expected => ({ records, items: records })
const pageOf = (records: number): Expected => ({ records, items: Math.min(records, pageSize) })
const none = () => ({})
const tenDays = 10 * 86_400_000

export const listCalls: readonly ListCall[] = [
  {
    title: 'addresses',
    path: '/front/account/userDeliveryAddress/list',
    params: none,
    expected: ({ addresses }) => allOf(addresses),
  },
  {
    title: 'invoices',
    path: '/front/account/userInvoice/list',
    params: none,
    expected: ({ addresses }) => allOf(addresses),
  },
  {
    title: 'inbox',
    path: '/front/account/userMessage/list',
    params: none,
    expected: (owner) => pageOf(countMessages(owner, ({ kind }) => kind === 2)),
  },
  {
    title: 'outbox',
    path: '/front/account/userMessage/list',
    params: () => ({ message_kind: '1' }),
    expected: (owner) => pageOf(countMessages(owner, ({ kind }) => kind === 1)),
  },
  {
    title: 'unread messages',
    path: '/front/account/userMessage/list',
    params: () => ({ message_is_read: 'false' }),
    expected: (owner) => pageOf(countMessages(owner, ({ is_read }) => is_read === 0)),
  },
  {
    title: 'chat',
    path: '/front/account/userMessage/listChatMsg',
    params: ({ userId }, users) => ({ user_other_id: String(partnerOf(userId, 0, users)) }),
    expected: (owner) => pageOf(countMessages(owner, ({ partner }) => partner === 0)),
  },
  {
    title: 'notices',
    path: '/front/account/userMessage/getNotice',
    params: none,
    expected: (owner) => ({ records: countMessages(owner, ({ type }) => type === 1, tenDays) }),
  },
  {
    title: 'message count',
    path: '/front/account/userMessage/getMsgCount',
    params: none,
    expected: (owner) => ({ records: countMessages(owner, ({ is_read }) => is_read === 0) }),
  },
]

/** What administrators filter users by; `none` is the list as it opens. */
export const managedFilters: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  none: {},
  'user_state=0': { user_state: '0' },
  'user_level_id=1001': { user_level_id: '1001' },
  'user_is_authentication=1': { user_is_authentication: '1' },
  user_mobile: { user_mobile: '+8613810000010' },
}

export const isSuccess = ({ status, body }: SeenAnswer): boolean =>
  status === 200 && body.startsWith('{"status":200,"code":0,')

/** Throws unless a user's answer holds the user's own rows, all of them. */
export function checkList({ title, expected }: ListCall, owner: Owner, answer: SeenAnswer): void {
  const wanted = expected(owner)
  const { records, items } = readAnswer(answer)
  const isRight =
    records === wanted.records &&
    items.length === (wanted.items ?? items.length) &&
    items.every(({ user_id }) => user_id === undefined || user_id === owner.userId)
  if (!isRight)
    throw new Error(`${title} of ${owner.userId}: not ${JSON.stringify(wanted)} but ${answer.body}`)
}

interface ReadAnswer {
  readonly records: number
  readonly items: readonly { readonly user_id?: number }[]
}

function readAnswer(answer: SeenAnswer): ReadAnswer {
  if (!isSuccess(answer)) throw new Error(`answered ${answer.status} ${answer.body}`)
  const { data } = JSON.parse(answer.body)
  if (Array.isArray(data)) return { records: data.length, items: data }
  return { records: data.records ?? data.num, items: data.items ?? [] }
}
