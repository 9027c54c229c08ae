import type { SmsTemplate } from '../../../config/config.js'
import { GatewayError } from '../../outcome/errors.js'

/** A text message, ready to send. */
export interface Sms {
  /** Country calling code without a plus. */
  readonly area: string
  /** National number, digits only. */
  readonly mobile: string
  readonly text: string
  /** The vendor's template, for vendors that fill templates themselves. */
  readonly template: SmsTemplate
  /** The code, for the same vendors. */
  readonly code?: string
}

/** How long a vendor is waited for, in milliseconds, unless a caller has less time. */
export const vendorPatience = 5000

/** One vendor. A vendor is one file that implements this. */
export interface SmsSender {
  readonly provider: string
  /**
   * Resolves when the vendor has accepted the message. Throws SEND_FAILED when it has not, or takes longer than
   * `patience` (milliseconds, `vendorPatience` if absent): MessageRefused when the vendor works and only this message
   * is not to its liking. `detail` is the provider and the vendor's error code, nothing else.
   */
  send(sms: Sms, patience?: number): Promise<void>
}

/**
 * The vendor works, but does not take this very message: its number, its template, its limit per number. That says
 * nothing of the next message, so it is no reason to leave the vendor out.
 */
export class MessageRefused extends GatewayError {
  constructor(detail: string) {
    super('SEND_FAILED', { detail })
  }
}
