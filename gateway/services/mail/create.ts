import type { Knex } from 'knex'
import type { Config } from '../../../config/config.js'
import type { Clock } from '../clock.js'
import type { Mailer } from './mailer.js'
import { createAbsentMailer, createMailOutbox } from './outbox.js'
import { createSmtpMailer } from './smtp.js'

/** Mails by SMTP_URL; without it they are kept in development and on a captured server, and refused in production. */
export async function createMailer(config: Config, db: Knex, clock: Clock): Promise<Mailer> {
  if (config.smtpUrl !== undefined) return createSmtpMailer(config.smtpUrl, config.mailFrom)
  const isReal = config.environment === 'production' && config.capture === undefined
  return isReal ? createAbsentMailer() : createMailOutbox(db, clock)
}
