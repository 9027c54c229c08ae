import type { Knex } from 'knex'
import { compileShapes } from './compiled-read.js'
import type { ListDefinition } from './list-definition.js'
import { inSlices, mostValues } from './statement-size.js'

const textColumns = [
  'invoice_address',
  'invoice_bankaccount',
  'invoice_bankname',
  'invoice_company_code',
  'invoice_contact_address',
  'invoice_contact_area',
  'invoice_contact_email',
  'invoice_contact_mobile',
  'invoice_contact_name',
  'invoice_content',
  'invoice_phone',
  'invoice_title',
] as const

const flagColumns = [
  'invoice_is_company',
  'invoice_is_default',
  'invoice_is_electronic',
  'invoice_type',
] as const

const columns = [
  'user_invoice_id',
  'user_id',
  ...textColumns,
  ...flagColumns,
  'invoice_datetime',
] as const satisfies readonly (keyof InvoiceRow)[]

/** What is kept of an invoice besides whose it is; imported rows may have nulls. */
export type InvoiceContent = Record<(typeof textColumns)[number], string | null> &
  /** Flags are 0 or 1; `invoice_type` is 1 normal, 2 VAT special. */
  Record<(typeof flagColumns)[number], number | null> & {
    /** `yyyy-MM-dd HH:mm:ss` in the configured zone; MySQL's driver answers a Date. */
    invoice_datetime: string | Date | null
  }

/** What a user wants invoices made out to. */
export type InvoiceRow = InvoiceContent & { user_invoice_id: number; user_id: number }

declare module 'knex/types/tables.js' {
  interface Tables {
    account_user_invoice: InvoiceRow
  }
}

/** One invoice of one user: nobody else's is found by it. */
export interface OwnInvoice {
  readonly userId: number
  readonly invoiceId: number
}

export async function findInvoice(
  db: Knex,
  { userId, invoiceId }: OwnInvoice,
): Promise<InvoiceRow | undefined> {
  return db('account_user_invoice').where({ user_invoice_id: invoiceId, user_id: userId }).first(columns)
}

export async function countInvoices(db: Knex, userId: number): Promise<number> {
  const counted = await db('account_user_invoice').where({ user_id: userId }).count({ n: '*' }).first()
  return Number(counted?.['n'] ?? 0)
}

/** Returns the new invoice's id. */
export async function insertInvoice(db: Knex, row: Omit<InvoiceRow, 'user_invoice_id'>): Promise<number> {
  const [invoiceId = 0] = await db('account_user_invoice').insert(row)
  return invoiceId
}

/** Changes the given columns only. */
export async function updateInvoice(
  db: Knex,
  { userId, invoiceId }: OwnInvoice,
  change: Partial<InvoiceContent>,
): Promise<void> {
  if (Object.keys(change).length === 0) return
  await db('account_user_invoice').where({ user_invoice_id: invoiceId, user_id: userId }).update(change)
}

/** Makes none of the user's other invoices the default. */
export async function clearOtherDefaults(db: Knex, { userId, invoiceId }: OwnInvoice): Promise<void> {
  await db('account_user_invoice')
    .where({ user_id: userId })
    .whereNot({ user_invoice_id: invoiceId })
    .whereNot({ invoice_is_default: 0 })
    .update({ invoice_is_default: 0 })
}

/** Whether there was such an invoice. */
export async function deleteInvoice(db: Knex, { userId, invoiceId }: OwnInvoice): Promise<boolean> {
  const deleted = await db('account_user_invoice')
    .where({ user_invoice_id: invoiceId, user_id: userId })
    .delete()
  return deleted > 0
}

const names = Object.fromEntries(columns.map((name) => [name, name])) as Record<keyof InvoiceRow, string>
const { user_id: _, ...filters } = names

/** The invoices of all users, the newest first. */
export const invoiceList: ListDefinition<InvoiceRow> = {
  from: (db) => db('account_user_invoice'),
  columns: names,
  filters: names,
  sortable: columns,
  searchable: textColumns,
  time: 'invoice_datetime',
  timeIsDate: true,
  order: [{ column: 'user_invoice_id', descending: true }],
  key: 'user_invoice_id',
}

const statements = compileShapes()

/** A user's own invoices, the newest first. */
export function invoicesOf(userId: number): ListDefinition<InvoiceRow> {
  return { owner: { column: 'user_id', userId, statements }, ...invoiceList, filters }
}

/** Whose invoices these are, of those that there are. */
export async function listInvoiceOwners(
  db: Knex,
  invoiceIds: readonly number[],
): Promise<Pick<InvoiceRow, 'user_invoice_id' | 'user_id'>[]> {
  return inSlices(invoiceIds, mostValues, async (some) =>
    db('account_user_invoice')
      .whereIn('user_invoice_id', [...some])
      .orderBy('user_invoice_id')
      .select('user_invoice_id', 'user_id'),
  )
}
