import type { Knex } from 'knex'
import { insertOutboxMessage } from '../../../db/outbox-messages.js'
import { GatewayError } from '../../outcome/errors.js'
import type { Clock } from '../clock.js'
import type { Mailer } from './mailer.js'

/** Keeps mails in the database for the outbox page instead of sending them; for development and tests. */
export function createMailOutbox(db: Knex, clock: Clock): Mailer {
  return {
    provider: 'outbox',
    send: ({ to, subject, text, html }) =>
      insertOutboxMessage(db, { channel: 'mail', address: to, subject, text, html, sent_at: clock.now() }),
    close() {},
  }
}

/** In production without SMTP_URL no mail can go out, and whoever asks for one is told. */
export function createAbsentMailer(): Mailer {
  return {
    provider: 'none',
    send: () => Promise.reject(new GatewayError('SEND_FAILED', { detail: 'SMTP_URL is not configured' })),
    close() {},
  }
}
