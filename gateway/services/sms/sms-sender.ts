/** A text message, ready to send. */
export interface Sms {
  /** Country calling code without a plus. */
  readonly area: string
  /** National number, digits only. */
  readonly mobile: string
  readonly text: string
  /** Name of the vendor's template: `code`, `mobile-changed`, … */
  readonly template: string
  /** The code, for vendors that fill templates themselves. */
  readonly code?: string
}

/** One vendor. A vendor is one file that implements this. */
export interface SmsSender {
  readonly provider: string
  /** Resolves when the vendor has accepted the message. Throws SEND_FAILED when it has not, or takes too long. */
  send(sms: Sms): Promise<void>
}
