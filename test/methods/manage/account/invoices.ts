import type { TestGateway } from '../../../harness.js'

/** Keeps an invoice of a user, with other columns where they are given, and returns its id. */
export async function addInvoice({ db }: TestGateway, user_id: number, more: object = {}): Promise<number> {
  const [id = 0] = await db('account_user_invoice').insert({ user_id, invoice_title: 'title', ...more })
  return id
}
