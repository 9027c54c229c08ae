/** A mail, ready to send. */
interface Mail {
  readonly to: string
  readonly subject: string
  readonly text: string
  readonly html: string
}

export interface Mailer {
  readonly provider: string
  /** Resolves when the mail server has accepted the message. Throws SEND_FAILED when it has not. */
  send(mail: Mail): Promise<void>
  close(): void
}
