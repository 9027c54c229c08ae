import {
  clearOtherDefaults,
  countInvoices,
  deleteInvoice,
  findInvoice,
  insertInvoice,
  type InvoiceContent,
  type OwnInvoice,
  updateInvoice,
} from '../../../db/invoices.js'
import type { InTransaction } from '../../../db/transaction.js'
import { openUserBooks } from '../../../db/user-books.js'
import { GatewayError } from '../../../gateway/outcome/errors.js'
import { formatTime } from '../../../gateway/wire/time.js'
import type { Services } from '../../../gateway/services/services.js'
import {
  describeInvoice,
  emptyInvoice,
  type Invoice,
  type InvoiceFields,
  toColumns,
} from './invoice-fields.js'
import { readTaxNumber } from './tax-numbers.js'

/** How many invoices a user may keep. */
const mostInvoices = 100

type InvoiceServices = Pick<Services, 'db' | 'clock' | 'config'>

/** Adds an invoice to a user's, within the caller's transaction. Throws TAX_NUMBER_WRONG, INVOICE_LIMIT. */
export async function addInvoice(
  services: InTransaction<InvoiceServices>,
  userId: number,
  fields: InvoiceFields,
): Promise<Invoice> {
  const { db, clock, config } = services
  const now = formatTime(clock.now(), config.timeZone)
  const written = { ...emptyInvoice, invoice_datetime: now, ...toColumns(fields) }
  const row = { ...written, ...taxNumberOf(services, written), user_id: userId }
  // A user's changes one after the other: each finds the default and the invoices that there are.
  await openUserBooks(db, [userId])
  if ((await countInvoices(db, userId)) >= mostInvoices) throw new GatewayError('INVOICE_LIMIT')
  const invoiceId = await insertInvoice(db, row)
  if (row.invoice_is_default) await clearOtherDefaults(db, { userId, invoiceId })
  return describeInvoice({ ...row, user_invoice_id: invoiceId })
}

/** An invoice after a change, and the columns that are not what they were. */
export interface ChangedInvoice {
  readonly invoice: Invoice
  readonly changed: readonly string[]
}

/**
 * Changes the given fields of an invoice, within the caller's transaction. Throws OPERATION_FAILED for one that is not
 * the user's, TAX_NUMBER_WRONG.
 */
export async function editInvoice(
  services: InTransaction<InvoiceServices>,
  own: OwnInvoice,
  fields: InvoiceFields,
): Promise<ChangedInvoice> {
  const { db } = services
  await openUserBooks(db, [own.userId])
  const row = await findInvoice(db, own)
  if (!row) throw new GatewayError('OPERATION_FAILED')
  const written = toColumns(fields)
  const isNewNumber = written.invoice_company_code !== undefined || written.invoice_is_company !== undefined
  // A number that an imported invoice brought does not keep its user from changing other fields.
  const change = { ...written, ...(isNewNumber && taxNumberOf(services, { ...row, ...written })) }
  await updateInvoice(db, own, change)
  if (change.invoice_is_default) await clearOtherDefaults(db, own)
  const [before, invoice] = [describeInvoice(row), describeInvoice({ ...row, ...change })]
  const isChanged = (column: string) => before[column as keyof Invoice] !== invoice[column as keyof Invoice]
  return { invoice, changed: Object.keys(change).filter(isChanged) }
}

/** Removes an invoice, within the caller's transaction. Throws OPERATION_FAILED for one that is not the user's. */
export async function removeInvoice(
  { db }: InTransaction<Pick<Services, 'db'>>,
  own: OwnInvoice,
): Promise<void> {
  await openUserBooks(db, [own.userId])
  if (!(await deleteInvoice(db, own))) throw new GatewayError('OPERATION_FAILED')
}

/** A person's invoice needs no tax number, so whatever is written there stays. */
function taxNumberOf(
  { config }: Pick<Services, 'config'>,
  row: Pick<InvoiceContent, 'invoice_is_company' | 'invoice_company_code'>,
): Pick<Partial<InvoiceContent>, 'invoice_company_code'> {
  if (!row.invoice_is_company) return {}
  return { invoice_company_code: readTaxNumber(row.invoice_company_code ?? '', config.taxNumberCheck) }
}
