import type { Knex } from 'knex'
import { insertOutboxMessage } from '../../../db/outbox-messages.js'
import type { Clock } from '../clock.js'
import type { SmsSender } from './sms-sender.js'

/** Keeps messages in the database for the outbox page instead of sending them; for development and tests. */
export function createSmsOutbox(db: Knex, clock: Clock): SmsSender {
  return {
    provider: 'outbox',
    send: ({ area, mobile, text }) =>
      insertOutboxMessage(db, {
        channel: 'sms',
        address: `+${area}${mobile}`,
        subject: '',
        text,
        html: '',
        sent_at: clock.now(),
      }),
  }
}
