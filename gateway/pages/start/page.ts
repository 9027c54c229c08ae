import type { RequestHandler } from 'express'
import { findExistingUsers } from '../../../db/users.js'
import { pathOf } from '../../http/edge.js'
import { isLocalCall } from '../../http/local-call.js'
import type { ClientApp } from '../../services/apps/apps.js'
import type { Services } from '../../services/services.js'
import { languageOf, sendPage } from '../layout.js'
import { demoUsers } from './demo-users.js'
import { startTexts } from './texts.js'
import { showCalls, showDemoData, showDocuments, showPlaces } from './views.js'

/**
 * `/` for who opens it in a browser: what this is, a first call to click, and where to look. In production it names
 * nothing but the description of the methods and the health checks.
 */
export function createStartPage(services: Services): RequestHandler {
  const { config, apps, db } = services
  const isDevelopment = config.environment === 'development'
  return async (request, response) => {
    // Below a path the page's relative links need the slash at its end.
    if (pathOf(request.originalUrl) === request.baseUrl) return response.redirect(308, `${request.baseUrl}/`)
    const language = languageOf(request)
    const texts = startTexts[language]
    const isOwn = isLocalCall(request)
    const parts = [
      `<p>${texts.what}</p>`,
      showCalls(texts, config.passport.unsigned && isOwn),
      showPlaces(texts, isDevelopment),
    ]
    // A visitor through a tunnel is told no password.
    if (isDevelopment && isOwn) parts.push(showDemoData(texts, await findDemoData()))
    parts.push(showDocuments(texts))
    const title = isDevelopment ? `passport-gateway · ${texts.development}` : 'passport-gateway'
    sendPage(response, { language, title, body: parts.join('\n'), wide: true })
  }

  async function findDemoData() {
    const existing = await findExistingUsers(
      db,
      demoUsers.map(({ uid }) => uid),
    )
    const users = demoUsers.filter(({ uid }) => existing.has(uid))
    return { users, applications: apps.list().filter(isShown) }
  }
}

function isShown({ enabled }: ClientApp): boolean {
  return enabled
}
