import { GatewayError } from '../../outcome/errors.js'
import type { Mailer } from './mailer.js'

const timeouts = { connectionTimeout: 5000, greetingTimeout: 5000, socketTimeout: 10_000 }

/**
 * How long a mail may take in all, in milliseconds, however lively the server is: the timeouts above begin anew with
 * every byte it sends. As long as all vendors of text messages together have.
 */
const wholePatience = 9000

/** Sends by the SMTP server of SMTP_URL over a few kept connections. */
export async function createSmtpMailer(url: string, from: string, patience = wholePatience): Promise<Mailer> {
  // Ten megabytes that a server without SMTP need not have.
  const { createTransport } = await import('nodemailer')
  const transport = createTransport({ url, pool: true, maxConnections: 5, ...timeouts }, { from })
  return {
    provider: 'smtp',
    async send(mail) {
      // Ends the wait for a free connection too, and closes the one that the mail was on.
      const signal = AbortSignal.timeout(patience)
      try {
        // The text is ours, not a user's: no file or address in it is ever fetched.
        await transport.sendMail({ ...mail, disableFileAccess: true, disableUrlAccess: true, signal })
      } catch (error) {
        throw new GatewayError('SEND_FAILED', { cause: signal.aborted ? tooLate() : inCodes(error) })
      }
    },
    close: () => transport.close(),
  }
}

function tooLate(): Error {
  return new Error('smtp: the mail was not taken in time')
}

interface MailError {
  readonly code?: string
  readonly command?: string
  readonly responseCode?: number
}

/** What went wrong, in codes: the server's words may repeat the recipient's address, which must not reach the log. */
function inCodes(error: unknown): Error {
  const { code, command, responseCode } = Object(error) as MailError
  return new Error(['smtp', code, command, responseCode].filter((part) => part !== undefined).join(' '))
}
