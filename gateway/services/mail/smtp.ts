import { createTransport } from 'nodemailer'
import { GatewayError } from '../../errors.js'
import type { Mailer } from './mailer.js'

const timeouts = { connectionTimeout: 5000, greetingTimeout: 5000, socketTimeout: 10_000 }

/** Sends by the SMTP server of SMTP_URL over a few kept connections. */
export function createSmtpMailer(url: string, from: string): Mailer {
  const transport = createTransport({ url, pool: true, maxConnections: 5, ...timeouts }, { from })
  return {
    provider: 'smtp',
    async send(mail) {
      try {
        // The text is ours, not a user's: no file or address in it is ever fetched.
        await transport.sendMail({ ...mail, disableFileAccess: true, disableUrlAccess: true })
      } catch (cause) {
        throw new GatewayError('SEND_FAILED', { cause })
      }
    },
    close: () => transport.close(),
  }
}
