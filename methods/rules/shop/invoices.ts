import {
  clearOtherDefaults,
  countInvoices,
  deleteInvoice,
  findInvoice,
  type InvoiceContent,
  type InvoiceRow,
  insertInvoice,
  type OwnInvoice,
  updateInvoice,
} from '../../../db/invoices.js'
import type { InTransaction } from '../../../db/transaction.js'
import { openUserBooks } from '../../../db/user-books.js'
import { GatewayError } from '../../../gateway/outcome/errors.js'
import { formatTime } from '../../../gateway/wire/time.js'
import type { Services } from '../../../gateway/services/services.js'
import { describeMoment } from '../../../gateway/wire/dates.js'
import type { Contracts } from '../../../schemas/contracts.js'
import { readTaxNumber } from './tax-numbers.js'
import { defined } from '../../../gateway/wire/defined-fields.js'

/** How many invoices a user may keep. */
const mostInvoices = 100

/** What a user writes of an invoice; what is absent stays, or is empty in a new one. */
export type InvoiceFields = Omit<Contracts['front.account.userInvoice.add']['params'], 'user_id'>

/** An invoice as the clients read it (account.md §5). */
export type Invoice = Contracts['front.account.userInvoice.get']['result']

type InvoiceServices = Pick<Services, 'db' | 'clock' | 'config'>

const emptyInvoice: Omit<InvoiceContent, 'invoice_datetime'> = {
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
  invoice_is_company: 0,
  invoice_is_default: 0,
  invoice_is_electronic: 0,
  invoice_phone: '',
  invoice_title: '',
  invoice_type: 1,
}

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

function toColumns({
  invoice_is_company: isCompany,
  invoice_is_default: isDefault,
  ...others
}: InvoiceFields): Partial<InvoiceContent> {
  return {
    ...others,
    ...defined({
      invoice_is_company: isCompany === undefined ? undefined : Number(isCompany),
      invoice_is_default: isDefault === undefined ? undefined : Number(isDefault),
    }),
  }
}

/** A person's invoice needs no tax number, so whatever is written there stays. */
function taxNumberOf(
  { config }: Pick<Services, 'config'>,
  row: Pick<InvoiceContent, 'invoice_is_company' | 'invoice_company_code'>,
): Pick<Partial<InvoiceContent>, 'invoice_company_code'> {
  if (!row.invoice_is_company) return {}
  return { invoice_company_code: readTaxNumber(row.invoice_company_code ?? '', config.taxNumberCheck) }
}

/** A stored invoice as the clients read it. */
export function describeInvoice(row: InvoiceRow): Invoice {
  return {
    ...row,
    invoice_datetime: describeMoment(row.invoice_datetime),
    invoice_is_company: Boolean(row.invoice_is_company),
    invoice_is_default: Boolean(row.invoice_is_default),
    invoice_is_electronic: row.invoice_is_electronic ?? 0,
    invoice_type: row.invoice_type ?? 1,
  }
}
