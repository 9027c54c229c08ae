import type { TestGateway } from '../../harness.js'
import type { ListedRow, Value } from './reference.js'
import { accountOf, admin, dayOne, firstUser, hour, owner, partners, userCount } from './users.js'

type Columns = Record<string, Value>

const most = 60
const words = ['red', 'blue', 'green', '深圳市', 'zz😀', 'zz😎', '100% a_b|c\\d', '']
const wordAt = (at: number): string => words[at % words.length] ?? ''

/** A moment as a column of dates holds it, and as the answers show it. */
const dateOf = (time: number): string =>
  new Date(time + 8 * hour).toISOString().slice(0, 19).replace('T', ' ')

const timeAt = (at: number): number => dayOne + Math.floor(at / 2) * 7 * hour

/** A few rows have nothing there. */
const orNothing = (at: number, value: Value): Value => {
  if (at % 13 !== 12) return value
  return typeof value === 'string' ? '' : 0
}

const addresses: readonly Columns[] = Array.from({ length: most + 20 }, (_, at) => ({
  ud_id: 301 + at,
  user_id: at < most ? owner : (partners[at % 3] ?? 0),
  ud_name: orNothing(at, wordAt(at)),
  ud_intl: at % 3 === 0 ? '+1' : '+86',
  ud_mobile: `139${10_000_000 + (at % 9)}`,
  ud_telephone: orNothing(at, `010${at % 5}`),
  ud_province_id: at % 4,
  ud_city_id: at % 6,
  ud_county_id: orNothing(at, at % 7),
  ud_province: ['广东省', '湖北省', 'texas'][at % 3] ?? '',
  ud_city: wordAt(at + 3),
  ud_county: wordAt(at % 5),
  ud_address: `street ${at % 10}`,
  ud_postalcode: String(518_000 + (at % 3)),
  ud_tag_name: ['1001', '1002', 'school', '🏠'][at % 4] ?? '',
  ud_longitude: orNothing(at, 113.25 + (at % 4)),
  ud_latitude: 22.533 - (at % 3),
  ud_is_default: at === 17 ? 1 : 0,
  ud_time: dateOf(timeAt(at)),
}))

const invoices: readonly Columns[] = Array.from({ length: most + 20 }, (_, at) => ({
  user_invoice_id: 501 + at,
  user_id: at < most ? owner : (partners[at % 3] ?? 0),
  invoice_address: wordAt(at),
  invoice_bankaccount: `6222${at % 7}`,
  invoice_bankname: wordAt(at + 1),
  invoice_company_code: orNothing(at, `91350100m000100y${at % 4}`),
  invoice_contact_address: wordAt(at % 6),
  invoice_contact_area: ['福建省/福州市', 'texas', ''][at % 3] ?? '',
  invoice_contact_email: `someone${at % 5}@example.com`,
  invoice_contact_mobile: `138${10_000_000 + (at % 6)}`,
  invoice_contact_name: wordAt(at + 5),
  invoice_content: orNothing(at, wordAt(at % 3)),
  invoice_phone: `0591${at % 4}`,
  invoice_title: `title ${at % 12}`,
  invoice_is_company: at % 2,
  invoice_is_default: at === 23 ? 1 : 0,
  invoice_is_electronic: Math.floor(at / 2) % 2,
  invoice_type: 1 + (Math.floor(at / 3) % 2),
  invoice_datetime: dateOf(timeAt(at)),
}))

const messages: readonly Columns[] = Array.from({ length: most + 20 }, (_, at) => ({
  message_id: 701 + at,
  message_parent_id: at % 3,
  user_id: at < most ? owner : (partners[0] ?? 0),
  user_nickname: at % 2 === 0 ? 'the old name' : 'the new name😀',
  message_kind: 1 + (at % 2),
  user_other_id: partners[Math.floor(at / 2) % 3] ?? 0,
  user_other_nickname: `partner ${Math.floor(at / 2) % 3}`,
  message_title: orNothing(at, wordAt(at)),
  message_content: `text ${wordAt(at + 2)} ${at % 4}`,
  message_time: timeAt(at),
  message_is_read: Math.floor(at / 4) % 2,
  message_is_delete: 0,
  message_type: 1 + (Math.floor(at / 5) % 2),
  message_cat: ['text', 'img', 'item'][at % 3] ?? '',
  message_data_type: at % 6,
  message_data_id: String(at % 5),
  message_length: at % 3,
  message_w: at % 2,
  message_h: at % 4,
}))

const sessions: readonly Columns[] = Array.from({ length: most }, (_, at) => ({
  session_id: `session${String(at).padStart(3, '0')}`,
  user_id: firstUser + 10 + (at % 9),
  user_account: accountOf(firstUser + 10 + (at % 9)),
  app_name: ['', 'web', 'app'][at % 3] ?? '',
  ip: at % 2 === 0 ? `10.0.0.${at % 5}` : `2001:db8::${at % 5}`,
  start_time: timeAt(at),
  end_time: Date.parse('2100-01-01T00:00:00Z') + (at % 8) * hour,
}))

const audit: readonly Columns[] = Array.from({ length: most }, (_, at) => ({
  audit_id: 901 + at,
  happened_at: timeAt(at),
  action: ['manage.account.user.edit', 'cli admin add', 'web.passport.changePwd'][at % 3] ?? '',
  outcome: at % 4 === 0 ? 'PASSWORD_WRONG' : 'ok',
  actor_id: at % 3 === 1 ? 0 : admin + (at % 2),
  actor: at % 3 === 1 ? 'cli' : '',
  target_id: firstUser + (at % (userCount / 10)),
  ip: at % 2 === 0 ? '127.0.0.1' : '2001:db8::1',
  detail: wordAt(at),
}))

export async function seedRows({ services: { db } }: TestGateway): Promise<void> {
  const stored = sessions.map((session) => ({
    token_id: session['session_id'],
    user_id: session['user_id'],
    generation: 0,
    app_name: session['app_name'],
    ip: session['ip'],
    created_at: session['start_time'],
    expires_at: session['end_time'],
    revoked_at: null,
  }))
  const dead = [
    { token_id: 'revoked', revoked_at: dayOne },
    { token_id: 'expired', expires_at: dayOne },
    { token_id: 'replaced', generation: -1 },
  ].map((change) => ({ ...stored[0], ...change }))
  const tables: Readonly<Record<string, readonly object[]>> = {
    account_user_delivery_address: addresses,
    account_user_invoice: invoices,
    account_user_message: messages,
    user_session: [...stored, ...dead],
    audit_entry: audit,
  }
  for (const [table, rows] of Object.entries(tables)) await db.batchInsert(table, [...rows], 20)
}

const listed = (rows: readonly Columns[], key: string, time: string): ListedRow[] =>
  rows.map((columns) => ({ key: columns[key] ?? '', time: readTime(columns[time] ?? 0), columns }))

function readTime(value: number | string): number {
  return typeof value === 'number' ? value : Date.parse(`${value.replace(' ', 'T')}+08:00`)
}

const ofOwner = ({ columns }: ListedRow) => columns['user_id'] === owner

export const addressRows = listed(addresses, 'ud_id', 'ud_time')
export const ownAddressRows = addressRows.filter(ofOwner)
export const ownInvoiceRows = listed(invoices, 'user_invoice_id', 'invoice_datetime').filter(ofOwner)
export const ownMessageRows = listed(messages, 'message_id', 'message_time').filter(ofOwner)
export const sessionRows = listed(sessions, 'session_id', 'start_time')
export const auditRows = listed(audit, 'audit_id', 'happened_at')
