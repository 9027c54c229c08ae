// The product's reads as a good engineer writes them by hand for one server: Fastify, a schema, a compiled serialiser,
// the signature check, and one prepared statement a read on the very tables of the product. What it lacks: limits,
// applications, metrics, an access log, errors with a text.
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

const prepare = openDatabase(process.env.DATABASE_URL)
const readVerifyInfo = prepare(verifyInfoSql)

/** Statements of the driver, each a function from the value of its mark to a row or a promise of one. */
function openDatabase(url) {
  if (url.startsWith('sqlite:')) {
    const db = new libsql(url.slice('sqlite:'.length))
    return (sql) => {
      const statement = db.prepare(sql)
      return (value) => statement.get([value])
    }
  }
  const pool = mysql.createPool({ uri: url, connectionLimit: 20 })
  return (sql) => (value) =>
    new Promise((resolve, reject) => {
      pool.execute(sql, [value], (error, rows) => (error ? reject(error) : resolve(rows[0])))
    })
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
await app.listen({ port: Number(process.env.PORT), host: '127.0.0.1' })
