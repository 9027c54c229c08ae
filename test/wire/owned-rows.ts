import { randomUUID } from 'node:crypto'
import type { Knex } from 'knex'
import { insertAddress } from '../../db/delivery-addresses.js'
import { insertInvoice } from '../../db/invoices.js'
import { replaceCertificate } from '../../db/user-certificates.js'
import { insertMessage } from '../../db/user-messages.js'
import { emptyAddress } from '../../methods/rules/shop/address-fields.js'
import { inboxRow, outboxRow, textBody } from '../../methods/rules/messages/rows.js'
import { listTables } from '../db/target.js'
import type { TestGateway, TestUser } from '../harness.js'

/** A user of whom a row of every kind is there; every text in them holds his mark. */
export interface Owner extends TestUser {
  readonly token: string
  readonly mark: string
  readonly nickname: string
}

export async function addOwner(gateway: TestGateway, mark: string): Promise<Owner> {
  const user = await gateway.addUser({ nickname: `nickname ${mark}` })
  return { ...user, token: await user.startSession(), mark, nickname: `nickname ${mark}` }
}

/**
 * The parameters that name a row somebody owns, each with the id of such a row of the owner's, made for this call. A
 * `partner` is who the owner wrote to.
 */
export async function makeRows(
  { services: { db, sessions } }: TestGateway,
  user: Owner,
  partner: Owner,
): Promise<Readonly<Record<string, number | string>>> {
  const { uid, nickname, mark } = user
  const text = `text ${mark}`
  const body = textBody(text, text)
  const own = { user_id: uid, user_nickname: nickname, user_avatar: '' }
  const other = { user_id: partner.uid, user_nickname: partner.nickname, user_avatar: '' }
  await insertMessage(db, outboxRow({ sender: own, receiver: other, body, at: Date.now() }))
  const message_id = await insertMessage(db, inboxRow({ sender: other, receiver: own, body, at: Date.now() }))
  const event = { happened_at: Date.now(), action: 'test', outcome: 'ok', actor: '', ip: '', detail: text }
  await db('audit_entry').insert({ ...event, actor_id: uid, target_id: uid })
  await db('account_user_login_history').insert({ user_id: uid, user_account: text, user_login_ip: '' })
  const binding = { bind_type: 11, bind_id: randomUUID(), bind_nickname: text }
  await db('account_user_bind_connect').insert({ ...binding, user_id: uid })
  const { tokenId } = await sessions.verify(await user.startSession())
  return {
    ud_id: await insertAddress(db, { ...emptyAddress, ud_name: text, ud_time: null, user_id: uid }),
    user_invoice_id: await insertInvoice(db, { ...emptyInvoice, invoice_title: text, user_id: uid }),
    message_id,
    message_parent_id: message_id,
    session_id: tokenId,
    user_id: uid,
    user_ids: String(uid),
    user_other_id: partner.uid,
    actor_id: uid,
    target_id: uid,
  }
}

const emptyInvoice = {
  invoice_address: '',
  invoice_bankaccount: '',
  invoice_bankname: '',
  invoice_company_code: '',
  invoice_contact_address: '',
  invoice_contact_area: '',
  invoice_contact_email: '',
  invoice_contact_mobile: '',
  invoice_contact_name: '',
  invoice_content: '',
  invoice_datetime: null,
  invoice_is_company: 0,
  invoice_is_default: 0,
  invoice_is_electronic: 0,
  invoice_phone: '',
  invoice_type: 1,
}

/** Reads every row of every table that is a user's, as one text: equal texts, equal bytes. */
export async function openSnapshots(db: Knex): Promise<(userId: number) => Promise<string>> {
  const tables: string[] = []
  for (const table of await listTables(db))
    if ('user_id' in (await db.from(table).columnInfo())) tables.push(table)
  return async (userId) => {
    const rows = await Promise.all(
      tables.map(
        async (table) => [table, await db.from(table).where({ user_id: userId }).select('*')] as const,
      ),
    )
    return JSON.stringify(rows)
  }
}

/** What a reviewer reviews. */
export async function handInCertificate(
  { services: { db, vault, clock } }: TestGateway,
  { uid }: Owner,
): Promise<void> {
  const sealed = vault.seal('idcard', '11010519491231002X')
  await replaceCertificate(db, { user_id: uid, sealed_idcard: sealed, submitted_at: clock.now() })
  await db('account_user_info').where({ user_id: uid }).update({ user_is_authentication: 1 })
}
