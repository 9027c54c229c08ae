import type { InvoiceContent, InvoiceRow } from '../../../db/invoices.js'
import { describeMoment } from '../../../gateway/wire/dates.js'
import { defined } from '../../../gateway/wire/defined-fields.js'
import type { Contracts } from '../../../schemas/contracts.js'

/** What a user writes of an invoice; what is absent stays, or is empty in a new one. */
export type InvoiceFields = Omit<Contracts['front.account.userInvoice.add']['params'], 'user_id'>

/** An invoice as the clients read it (account.md §5). */
export type Invoice = Contracts['front.account.userInvoice.get']['result']

/** What a new invoice holds where the user writes nothing. */
export const emptyInvoice: Omit<InvoiceContent, 'invoice_datetime'> = {
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

/** What a user wrote, as the table has it. */
export function toColumns({
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
