import type { HttpAnswer } from '../../../../fetch-answer.js'
import { dataOf, type TestGateway } from '../../../../harness.js'
import { type AccountClient, createAccountClient } from '../account-client.js'

/** An invoice as a client reads it. */
export interface InvoiceAnswer {
  readonly user_invoice_id: number
  readonly user_id: number
  readonly invoice_title: string
  readonly invoice_is_default: boolean
  readonly [field: string]: unknown
}

type InvoiceList = {
  readonly items: readonly InvoiceAnswer[]
  readonly page: number
  readonly size: number
  readonly records: number
  readonly total: number
}

/** A signed-in user with invoices. */
export interface InvoiceOwner {
  readonly uid: number
  readonly token: string
  get(path: string, fields?: Readonly<Record<string, string>>): Promise<HttpAnswer>
  post(path: string, fields?: Readonly<Record<string, string>>): Promise<HttpAnswer>
  /** Adds an invoice that must be taken. */
  add(fields?: Readonly<Record<string, string>>): Promise<InvoiceAnswer>
  list(fields?: Readonly<Record<string, string>>): Promise<InvoiceList>
  /** The titles of the owner's invoices, as a list shows them. */
  titles(fields?: Readonly<Record<string, string>>): Promise<string[]>
  /** The titles of those that are a default. */
  defaults(): Promise<string[]>
}

export async function addInvoiceOwner(gateway: TestGateway): Promise<InvoiceOwner> {
  const user = await gateway.addUser()
  const token = await user.startSession()
  const client: AccountClient = createAccountClient(gateway)
  const get: InvoiceOwner['get'] = (path, fields) => client.get(`userInvoice/${path}`, fields, token)
  const post: InvoiceOwner['post'] = (path, fields) => client.post(`userInvoice/${path}`, fields, token)
  const list: InvoiceOwner['list'] = async (fields) => dataOf<InvoiceList>((await get('list', fields)).json)
  return {
    uid: user.uid,
    token,
    get,
    post,
    list,
    add: async (fields) => dataOf<InvoiceAnswer>((await post('add', fields)).json),
    titles: async (fields) => (await list(fields)).items.map(({ invoice_title }) => invoice_title),
    defaults: async () =>
      (await list()).items
        .filter(({ invoice_is_default }) => invoice_is_default)
        .map(({ invoice_title }) => invoice_title),
  }
}

/** The longest each text may be (account.md §8). */
export const textLengths: Readonly<Record<string, number>> = {
  invoice_address: 255,
  invoice_bankaccount: 255,
  invoice_bankname: 255,
  invoice_company_code: 100,
  invoice_contact_address: 255,
  invoice_contact_area: 255,
  invoice_contact_email: 255,
  invoice_contact_mobile: 255,
  invoice_contact_name: 255,
  invoice_content: 50,
  invoice_phone: 255,
  invoice_title: 50,
}

/** An invoice with every field, as a form sends it; its answer says the same. */
export const wholeInvoice = {
  invoice_address: '福州市鼓楼区示例路 1 号',
  invoice_bankaccount: '6222 0000 1111 2222',
  invoice_bankname: '示例银行',
  invoice_company_code: '91350100M000100Y43',
  invoice_contact_address: '示例路 2 号 😀',
  invoice_contact_area: '福建省/福州市/鼓楼区',
  invoice_contact_email: 'a@example.com',
  invoice_contact_mobile: '13912345678',
  invoice_contact_name: '张三',
  invoice_content: '办公用品',
  invoice_datetime: '2024-02-29 08:09:10',
  invoice_phone: '0591-87654321',
  invoice_title: '示例有限公司',
} as const
