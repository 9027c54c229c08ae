// What the handlers have in common: envelopes, schemas of fields, and who calls.
import { createHmac, createSecretKey, timingSafeEqual } from 'node:crypto'
import { contentType, envelopeHeaders, successMessage } from '../../../dist/bench/job.js'
import { isSigned } from '../sign.mjs'

export const headers = { 'Content-Type': contentType, ...envelopeHeaders }

export const text = { type: 'string' }
export const textOrNull = { type: ['string', 'null'] }
export const number = { type: ['number', 'null'] }
export const flag = { type: 'boolean' }
/** The same schema for each of some names. */
export const named = (names, type) => Object.fromEntries(names.split(' ').map((name) => [name, type]))

export const shownMobile = (intl, mobile) =>
  intl === '+86' || !mobile ? (mobile ?? '') : `${intl.slice(1)}-${mobile}`

export const signed = (request, _, done) => done(isSigned(request.query) ? undefined : new Error('signature'))

export const ownEnvelope = (data) => ({ status: 200, code: 0, msg: successMessage, data, error: null })
export const ownResponse = (data) => ({
  200: {
    type: 'object',
    properties: {
      status: { type: 'integer' },
      code: { type: 'integer' },
      msg: text,
      data,
      error: { type: 'null' },
    },
  },
})
export const tokenParameter = {
  type: 'object',
  properties: { perm_key: { type: 'string', maxLength: 2048 } },
}

const sessionSql = `SELECT session.user_id, expires_at, base.user_locked, info.user_state
  FROM user_session AS session
  JOIN account_user_base AS base ON base.user_id = session.user_id AND base.session_generation = session.generation
  LEFT JOIN account_user_info AS info ON info.user_id = session.user_id
  WHERE token_id = ? AND revoked_at IS NULL`

const sessionKey = createSecretKey(Buffer.from(process.env.JWT_SECRET))

/** The id of the session that a token of HS256 stands for; undefined for one that is forged or too old. */
function readTokenId(token) {
  const end = token.lastIndexOf('.')
  const expected = createHmac('sha256', sessionKey).update(token.slice(0, end)).digest()
  const given = Buffer.from(token.slice(end + 1), 'base64url')
  if (given.length !== expected.length || !timingSafeEqual(given, expected)) return undefined
  const claims = JSON.parse(Buffer.from(token.slice(token.indexOf('.') + 1, end), 'base64url').toString())
  return claims.exp * 1000 > Date.now() ? claims.jti : undefined
}

/** Finds whose session a call carries, in its query or its form. */
export function createSignIn(app, database) {
  const readSession = database.prepareFirst(sessionSql)
  app.decorateRequest('userId', 0)
  return async (request, reply) => {
    const tokenId = readTokenId(request.query.perm_key ?? request.body?.perm_key ?? '')
    const session = tokenId && (await readSession([tokenId]))
    const isAlive =
      session && session.expires_at > Date.now() && session.user_locked !== 1 && session.user_state !== 0
    if (isAlive) request.userId = session.user_id
    else await reply.code(401).send({ status: 250, code: 30, msg: '需要登录', data: null, error: null })
  }
}
