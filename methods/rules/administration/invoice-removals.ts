import { listInvoiceOwners } from '../../../db/invoices.js'
import { transaction } from '../../../db/transaction.js'
import { openUserBooks } from '../../../db/user-books.js'
import type { SignedInOrigin } from '../../../gateway/contract/method.js'
import { GatewayError } from '../../../gateway/outcome/errors.js'
import type { Services } from '../../../gateway/services/services.js'
import { audit } from '../audit.js'
import { removeInvoice } from '../shop/invoices.js'

/** Removes all of these invoices or, with OPERATION_FAILED, none. The audit names each. */
export async function removeInvoices(
  services: Pick<Services, 'db' | 'clock'>,
  invoiceIds: readonly number[],
  call: SignedInOrigin,
): Promise<void> {
  const wanted = [...new Set(invoiceIds)]
  await transaction(services, async (services) => {
    const { db } = services
    const owned = await listInvoiceOwners(db, wanted)
    if (owned.length !== wanted.length) throw new GatewayError('OPERATION_FAILED')
    const userIds = owned.map(({ user_id }) => user_id)
    // All at once and in their order, so that two calls never wait for each other.
    await openUserBooks(db, userIds)
    for (const { user_id: userId, user_invoice_id: invoiceId } of owned)
      await removeInvoice(services, { userId, invoiceId })
    const events = owned.map(({ user_id: targetId, user_invoice_id: invoiceId }) => ({
      targetId,
      detail: `user_invoice_id ${invoiceId}`,
    }))
    await audit(services, call, ...events)
  })
}
