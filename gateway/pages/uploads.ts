import { Router } from 'express'
import { createGuardHandler } from '../http/guarded.js'
import { openUpload } from '../../methods/rules/uploads/opened-uploads.js'
import { findSessionToken } from '../dialects/session-token.js'
import type { Services } from '../services/services.js'
import { parseQueryString } from '../wire/query-string.js'

/** A picture is never taken for anything else, and runs nothing if it is opened as a page. */
const pictureHeaders = {
  'X-Content-Type-Options': 'nosniff',
  'Content-Security-Policy': "default-src 'none'; sandbox",
  'Content-Disposition': 'inline',
  'Cross-Origin-Resource-Policy': 'cross-origin',
}

/** `/uploads/NAME`: pictures that users uploaded (account-beside.md §3.4), to who may see them; 404 to anybody else. */
export function createUploadPages(services: Services): Router {
  const router = Router()
  router.use('/uploads', createGuardHandler(services))
  router.get('/uploads/:name', async (request, response) => {
    const [, query = ''] = request.url.split('?', 2)
    const params = parseQueryString(query)
    const token = findSessionToken(request, params, ['access_token', 'perm_key'])
    const opened = await openUpload(services, request.params.name, { ticket: params['ticket'] ?? '', token })
    response.set(pictureHeaders)
    if (!opened) {
      response.status(404).set('Cache-Control', 'no-store').type('text/plain').send('no such picture\n')
      return
    }
    const caching = opened.isPublic ? 'public, max-age=300' : 'private, no-store'
    response.set('Cache-Control', caching).type(opened.contentType).send(opened.bytes)
  })
  return router
}
