// The product's reads as a good engineer writes them by hand for one server: Fastify, a schema, a compiled serialiser,
// the check of the signature or the session, and a prepared statement for each read on the very tables of the product.
// What it lacks: limits, applications, metrics, an access log, errors with a text, filters and sorts of a list.
import { createHmac, createSecretKey, timingSafeEqual } from 'node:crypto'
import fastify from 'fastify'
import libsql from 'libsql'
import mysql from 'mysql2'
import {
  contentType,
  envelopeHeaders,
  envelopeSchema,
  jobSchema,
  successMessage,
} from '../../dist/bench/job.js'
import { isSigned } from './sign.mjs'

const verifyInfoSql = `SELECT base.user_id, info.user_intl, info.user_mobile, info.user_email,
    mobile.verified_at AS mobile_verified_at, email.verified_at AS email_verified_at
  FROM account_user_base AS base
  LEFT JOIN account_user_info AS info ON info.user_id = base.user_id
  LEFT JOIN user_identity AS mobile ON mobile.user_id = base.user_id AND mobile.kind = 'mobile'
  LEFT JOIN user_identity AS email ON email.user_id = base.user_id AND email.kind = 'email'
  WHERE base.user_id = ?`

const sessionSql = `SELECT session.user_id, expires_at, base.user_locked, info.user_state
  FROM user_session AS session
  JOIN account_user_base AS base ON base.user_id = session.user_id AND base.session_generation = session.generation
  LEFT JOIN account_user_info AS info ON info.user_id = session.user_id
  WHERE token_id = ? AND revoked_at IS NULL`

const unreadSql = `SELECT count(*) AS unread FROM account_user_message
  WHERE user_id = ? AND message_kind = 2 AND message_is_read = 0`

const newestSql = `SELECT message_cat, message_content, message_data_id, message_data_type, message_h, message_id,
    message_is_delete, message_is_read, message_kind, message_length, message_parent_id, message_time, message_title,
    message_type, message_w, user_id, user_nickname, user_other_id, user_other_nickname
  FROM account_user_message WHERE user_id = ? AND message_kind = 2 AND message_is_read = 0
  ORDER BY message_time DESC, message_id DESC LIMIT 1`

const addressCountSql = 'SELECT count(*) AS records FROM account_user_delivery_address WHERE user_id = ?'
const addressesSql = `SELECT ud_id, user_id, ud_name, ud_intl, ud_mobile, ud_telephone, ud_province, ud_city, ud_county,
    ud_address, ud_postalcode, ud_tag_name, ud_province_id, ud_city_id, ud_county_id, ud_longitude, ud_latitude,
    ud_is_default, ud_time
  FROM account_user_delivery_address WHERE user_id = ?
  ORDER BY ud_is_default DESC, ud_time DESC, ud_id DESC LIMIT 100`

const { prepareFirst, prepareAll } = openDatabase(process.env.DATABASE_URL)
const readVerifyInfo = prepareFirst(verifyInfoSql)
const readSession = prepareFirst(sessionSql)
const readUnread = prepareFirst(unreadSql)
const readNewest = prepareFirst(newestSql)
const countAddresses = prepareFirst(addressCountSql)
const readAddresses = prepareAll(addressesSql)

/** Statements of the driver, each a function from the value of its mark to its rows or the first, or a promise of it. */
function openDatabase(url) {
  if (url.startsWith('sqlite:')) {
    const db = new libsql(url.slice('sqlite:'.length))
    const prepare = (sql) => db.prepare(sql)
    return {
      prepareFirst: (sql) =>
        (
          (statement) => (value) =>
            statement.get([value])
        )(prepare(sql)),
      prepareAll: (sql) =>
        (
          (statement) => (value) =>
            statement.all([value])
        )(prepare(sql)),
    }
  }
  const pool = mysql.createPool({ uri: url, connectionLimit: 20, timezone: 'Z' })
  const prepareAll = (sql) => (value) =>
    new Promise((resolve, reject) => {
      pool.execute(sql, [value], (error, rows) => (error ? reject(error) : resolve(rows)))
    })
  return { prepareAll, prepareFirst: (sql) => (value) => prepareAll(sql)(value).then((rows) => rows[0]) }
}

const hour = 3_600_000

/** Milliseconds as Shanghai's clocks show them. */
function formatTime(at) {
  if (at === null) return ''
  return new Date(at + 8 * hour).toISOString().slice(0, 19).replace('T', ' ')
}

const formatMobile = (intl, mobile) =>
  intl === '+86' || !mobile ? (mobile ?? '') : `${intl.slice(1)}-${mobile}`
const yesOrNo = (at) => (at === null ? 'N' : 'Y')

const describe = (user) => ({
  email: user.user_email ?? '',
  emailVerify: yesOrNo(user.email_verified_at),
  emailVerifyTime: formatTime(user.email_verified_at),
  mobile: formatMobile(user.user_intl, user.user_mobile),
  mobileVerify: yesOrNo(user.mobile_verified_at),
  mobileVerifyTime: formatTime(user.mobile_verified_at),
  uid: user.user_id,
})

const headers = { 'Content-Type': contentType, ...envelopeHeaders }
const schema = { querystring: jobSchema, response: { 200: envelopeSchema } }
const preValidation = (request, _, done) => done(isSigned(request.query) ? undefined : new Error('signature'))

const app = fastify({ logger: false })
app.get('/gateway', { schema, preValidation }, async (request, reply) => {
  const user = await readVerifyInfo(request.query.uid)
  reply.headers(headers)
  if (user === undefined) return reply.code(404).send({ code: 1000, message: '接口不存在' })
  return { code: 200, data: describe(user), message: successMessage }
})

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

app.decorateRequest('userId', 0)
const signedIn = async (request, reply) => {
  const tokenId = readTokenId(request.query.perm_key ?? '')
  const session = tokenId && (await readSession(tokenId))
  const isAlive =
    session && session.expires_at > Date.now() && session.user_locked !== 1 && session.user_state !== 0
  if (isAlive) request.userId = session.user_id
  else await reply.code(401).send({ status: 250, code: 30, msg: '需要登录', data: null, error: null })
}

const ownEnvelope = (data) => ({ status: 200, code: 0, msg: successMessage, data, error: null })
const ownSchema = (properties) => ({
  querystring: { type: 'object', properties: { perm_key: { type: 'string', maxLength: 2048 } } },
  response: {
    200: {
      type: 'object',
      properties: {
        status: { type: 'integer' },
        code: { type: 'integer' },
        msg: { type: 'string' },
        data: { type: 'object', properties },
        error: { type: 'null' },
      },
    },
  },
})
const text = { type: ['string', 'null'] }
const number = { type: ['number', 'null'] }
const flag = { type: 'boolean' }
const named = (names, type) => Object.fromEntries(names.split(' ').map((name) => [name, type]))

const message = {
  ...named('message_cat message_content message_data_id', text),
  ...named('message_data_type message_h message_id', number),
  ...named('message_is_delete message_is_read', flag),
  ...named('message_kind message_length message_parent_id message_time', number),
  message_title: text,
  ...named('message_type message_w user_id', number),
  user_nickname: text,
  user_other_id: number,
  user_other_nickname: text,
}
const count = { num: number, msg_row: { type: 'object', nullable: true, properties: message } }
app.get(
  '/front/account/userMessage/getMsgCount',
  { schema: ownSchema(count), preHandler: signedIn },
  async (request, reply) => {
    const { unread } = await readUnread(request.userId)
    const newest = unread > 0 ? await readNewest(request.userId) : null
    reply.headers(headers)
    return ownEnvelope({
      num: unread,
      msg_row: newest && {
        ...newest,
        message_is_delete: newest.message_is_delete !== 0,
        message_is_read: newest.message_is_read !== 0,
      },
    })
  },
)

const address = {
  ...named('ud_id user_id', number),
  ...named('ud_name ud_intl ud_mobile ud_telephone', text),
  ...named('ud_province_id ud_city_id ud_county_id', number),
  ...named('ud_province ud_city ud_county ud_address ud_postalcode ud_tag_name', text),
  ...named('ud_longitude ud_latitude', number),
  ud_time: text,
  ud_is_default: flag,
  district_info: text,
}
const list = {
  items: { type: 'array', items: { type: 'object', properties: address } },
  ...named('page size records total', number),
}
const shownTime = (time) =>
  typeof time === 'string' ? time : time.toISOString().slice(0, 19).replace('T', ' ')
app.get(
  '/front/account/userDeliveryAddress/list',
  { schema: ownSchema(list), preHandler: signedIn },
  async (request, reply) => {
    const { records } = await countAddresses(request.userId)
    const rows = await readAddresses(request.userId)
    const items = rows.map((row) => ({
      ...row,
      ud_is_default: row.ud_is_default !== 0,
      ud_time: shownTime(row.ud_time),
      district_info: `${row.ud_province}${row.ud_city}${row.ud_county}`,
    }))
    reply.headers(headers)
    return ownEnvelope({ items, page: 1, size: 100, records, total: Math.ceil(records / 100) })
  },
)

await app.listen({ port: Number(process.env.PORT), host: '127.0.0.1' })
