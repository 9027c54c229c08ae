import { Router } from 'express'
import { listOutboxMessages, type OutboxMessageRow } from '../../db/outbox-messages.js'
import { escapeHtml } from '../wire/html.js'
import { formatTime } from '../wire/time.js'
import { isLocalCall } from '../http/local-call.js'
import type { Services } from '../services/services.js'
import { sendPage } from './layout.js'

const most = 50

/**
 * `/outbox`: what a development server "sent", newest first, as a page, or as JSON when asked for. It shows codes and
 * links, so it is guarded like unsigned calls: development, and this very machine.
 */
export function createOutboxPage({ config, db }: Services): Router {
  const router = Router()
  router.get('/outbox', async (request, response) => {
    if (!config.passport.unsigned || !isLocalCall(request)) {
      response.status(403).type('text/plain').send('the outbox is for the development machine itself\n')
      return
    }
    const messages = await listOutboxMessages(db, most)
    if (request.accepts('html', 'json') === 'json') {
      response.set('Cache-Control', 'no-store').json(messages)
      return
    }
    const row = ({ sent_at, channel, address, subject, text }: OutboxMessageRow) =>
      `<tr><td>${formatTime(sent_at, config.timeZone)}</td><td>${channel}</td><td>${escapeHtml(address)}</td>` +
      `<td><pre>${linkify([subject, text].filter(Boolean).join('\n\n'))}</pre></td></tr>`
    const rows = messages.map(row).join('\n') || '<tr><td colspan="4">Nothing was sent yet.</td></tr>'
    const body = `<table><tr><th>Time</th><th>Channel</th><th>To</th><th>Message</th></tr>\n${rows}</table>`
    sendPage(response, { language: 'en', title: 'Outbox', body, wide: true })
  })
  return router
}

function linkify(text: string): string {
  return escapeHtml(text).replace(/https?:\/\/[^\s<]+/g, (url) => `<a href="${url}">${url}</a>`)
}
