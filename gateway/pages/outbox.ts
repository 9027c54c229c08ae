import { Router } from 'express'
import { listOutboxMessages, type OutboxMessageRow } from '../../db/outbox-messages.js'
import { parseQueryString } from '../wire/query-string.js'
import { escapeHtml } from '../wire/html.js'
import { formatTime } from '../wire/time.js'
import { createGuardHandler } from '../http/guarded.js'
import { isLocalCall } from '../http/local-call.js'
import { holdsToken } from '../http/admission/token-holder.js'
import type { Services } from '../services/services.js'
import { sendPage } from './layout.js'

const most = 50

/**
 * `/outbox`: what a development server "sent", newest first, as a page, or as JSON when asked for. It shows codes and
 * links, so it is guarded like unsigned calls: development, and this very machine. A captured server (OUTSIDE) shows it to
 * this machine, or to who holds OUTSIDE_TOKEN. `address` shows what went to one alone.
 */
export function createOutboxPage(services: Services): Router {
  const { config, db } = services
  const router = Router()
  // A token can be guessed at: not as fast as the network lets.
  if (config.capture) router.use('/outbox', createGuardHandler(services))
  router.get('/outbox', async (request, response) => {
    const isDeveloper = config.passport.unsigned && isLocalCall(request)
    const isReader = config.capture !== undefined && holdsToken(request, config.capture.tokens)
    if (!isDeveloper && !isReader) {
      const whom = config.capture
        ? 'this machine, or who holds OUTSIDE_TOKEN once it is set'
        : 'the development machine itself'
      response.status(403).type('text/plain').send(`the outbox is for ${whom}\n`)
      return
    }
    const address = parseQueryString(splitQuery(request.url))['address']
    const messages = await listOutboxMessages(db, most, address)
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

function splitQuery(url: string): string {
  const at = url.indexOf('?')
  return at < 0 ? '' : url.slice(at + 1)
}

function linkify(text: string): string {
  return escapeHtml(text).replace(/https?:\/\/[^\s<]+/g, (url) => `<a href="${url}">${url}</a>`)
}
