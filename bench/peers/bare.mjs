// The yardstick: node:http and nothing else, the job written by hand for exactly these parameters.
import { hash } from 'node:crypto'
import { createServer } from 'node:http'
import { contentType, jobSecret, makeUsers, methodNames, successMessage } from '../../dist/bench/job.js'

const signed = process.argv.includes('--sign')
const users = makeUsers()
const methods = new Map(methodNames.map((name) => [name, answerUser]))
const tail = `,"message":${JSON.stringify(successMessage)}}`

const digits = /^\d{1,16}$/
const version = /^\d+(\.\d+){1,3}$/
const size = /^\d{2,5}x\d{2,5}$/
// oxlint-disable-next-line no-control-regex -- what JSON must escape
const toEscape = /["\\\u0000-\u001f\ud800-\udfff]/

function quote(text) {
  return toEscape.test(text) ? JSON.stringify(text) : `"${text}"`
}

function decode(text) {
  const spaced = text.includes('+') ? text.replaceAll('+', ' ') : text
  return spaced.includes('%') ? decodeURIComponent(spaced) : spaced
}

function parse(url) {
  const query = {
    method: '',
    uid: '',
    app_version: '',
    client_type: '',
    os_version: '',
    screen_size: '',
    v: '',
    udid: '',
    session_key: '',
    yh_channel: '',
    gender: '',
    business_line: '',
    client_secret: '',
  }
  let at = url.indexOf('?') + 1
  while (at > 0 && at < url.length) {
    const next = url.indexOf('&', at)
    const end = next < 0 ? url.length : next
    const split = url.indexOf('=', at)
    if (split > 0 && split < end) {
      const name = url.slice(at, split)
      if (name in query) query[name] = decode(url.slice(split + 1, end))
    }
    at = end + 1
  }
  return query
}

function isValid(query) {
  return (
    digits.test(query.uid) &&
    version.test(query.app_version) &&
    query.client_type !== '' &&
    query.client_type.length <= 32 &&
    query.os_version.length <= 32 &&
    (query.screen_size === '' || size.test(query.screen_size)) &&
    (query.v === '' || (digits.test(query.v) && Number(query.v) <= 100)) &&
    query.udid.length >= 8 &&
    query.udid.length <= 64 &&
    query.session_key.length <= 64 &&
    (query.yh_channel === '' || (digits.test(query.yh_channel) && Number(query.yh_channel) <= 1000)) &&
    query.gender.length <= 8 &&
    query.business_line.length <= 32
  )
}

function isSigned(query) {
  const text =
    `app_version=${query.app_version}&business_line=${query.business_line}&client_type=${query.client_type}` +
    `&gender=${query.gender}&method=${query.method}&os_version=${query.os_version}&private_key=${jobSecret}` +
    `&screen_size=${query.screen_size}&session_key=${query.session_key}&udid=${query.udid}&uid=${query.uid}` +
    `&v=${query.v}&yh_channel=${query.yh_channel}`
  return hash('md5', text, 'hex') === query.client_secret
}

function answerUser(query) {
  const user = users.get(Number(query.uid))
  if (user === undefined) return undefined
  const { email, emailVerifiedAt, mobile, mobileVerifiedAt } = user
  return (
    `{"code":200,"data":{"email":${quote(email)},"emailVerify":"${emailVerifiedAt === '' ? 'N' : 'Y'}",` +
    `"emailVerifyTime":${quote(emailVerifiedAt)},"mobile":${quote(mobile)},` +
    `"mobileVerify":"${mobileVerifiedAt === '' ? 'N' : 'Y'}","mobileVerifyTime":${quote(mobileVerifiedAt)},` +
    `"uid":${user.uid}}${tail}`
  )
}

function run(query) {
  const method = methods.get(query.method)
  if (method === undefined || !isValid(query) || (signed && !isSigned(query))) return undefined
  return method(query)
}

const refusal = '{"code":413,"message":"参数错误"}'

createServer((request, response) => {
  const { url } = request
  const isGateway = url.startsWith('/gateway?')
  const body = (isGateway ? run(parse(url)) : undefined) ?? refusal
  response.writeHead(isGateway ? 200 : 404, {
    'Content-Type': contentType,
    'Cache-Control': 'no-store',
    'X-Content-Type-Options': 'nosniff',
    'Content-Length': Buffer.byteLength(body),
  })
  response.end(body)
}).listen(Number(process.env.PORT), '127.0.0.1')
