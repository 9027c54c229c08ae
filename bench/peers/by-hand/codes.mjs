// Codes by text message: the transactions of the product, on MariaDB, and the same webhook of a vendor.
import { createHmac, hkdfSync, randomBytes, randomInt, timingSafeEqual } from 'node:crypto'
import { Agent, request as httpRequest } from 'node:http'
import { headers, signed, text } from './answers.mjs'

const codeKey = Buffer.from(hkdfSync('sha256', process.env.DATA_KEY, '', 'passport-gateway sent-code', 32))
const digestOf = (address, code) => createHmac('sha256', codeKey).update(`${address} ${code}`).digest('hex')

const minute = 60_000
const day = 86_400_000

/** What may be sent, in windows: the pause, the number's hour and day, the caller's hour, its network's, all of a day. */
const sendLimits = (mobile, ip) => [
  { name: `gap:sms:+86${mobile}`, points: 1, milliseconds: minute },
  { name: `hour:sms:+86${mobile}`, points: 5, milliseconds: 60 * minute },
  { name: `day:sms:+86${mobile}`, points: 10, milliseconds: day },
  ...limitsOfCaller('hour', ip),
  { name: `day:net:sms:${networkOf(ip)}`, points: Infinity, milliseconds: day },
  { name: 'day:sms', points: Infinity, milliseconds: day },
]
/** How many wrong codes there may be, of a number's and of a caller's. */
const tryLimits = (mobile, ip) => [
  { name: `wrong-hour:sms:+86${mobile}`, points: 5, milliseconds: 60 * minute },
  { name: `wrong-day:sms:+86${mobile}`, points: 10, milliseconds: day },
  ...limitsOfCaller('wrong-hour', ip),
]
const limitsOfCaller = (prefix, ip) => [
  { name: `${prefix}:ip:${ip}`, points: Infinity, milliseconds: 60 * minute },
  { name: `${prefix}:net:${networkOf(ip)}`, points: Infinity, milliseconds: 60 * minute },
]
const networkOf = (ip) => `${ip.split('.').slice(0, 3).join('.')}.0/24`

const marks = (rows, columns) =>
  Array.from({ length: rows }, () => `(${Array(columns).fill('?').join(', ')})`).join(', ')
const list = (count) => Array(count).fill('?').join(', ')

/** Locks the rows of some limits, in the order of their names; throws if one is used up. */
async function lockLimits(run, limits) {
  const sorted = limits.toSorted((left, right) => (left.name < right.name ? -1 : 1))
  await run(
    `INSERT INTO usage_limit (name, used, resets_at) VALUES ${marks(sorted.length, 3)}
      ON DUPLICATE KEY UPDATE name = values(name)`,
    sorted.flatMap(({ name }) => [name, 0, 0]),
  )
  const rows = await run(
    `SELECT name, used, resets_at FROM usage_limit WHERE name IN (${list(sorted.length)}) ORDER BY name FOR UPDATE`,
    sorted.map(({ name }) => name),
  )
  const now = Date.now()
  return sorted.map(({ name, points, milliseconds }, at) => {
    const row = rows[at]
    const isOver = row.resets_at <= now
    const used = isOver ? 0 : row.used
    if (used >= points) throw new Error('too many')
    return { name, used, resets_at: isOver ? now + milliseconds : row.resets_at }
  })
}

/** Uses each limit once. */
export async function spendLimits(run, limits) {
  const rows = await lockLimits(run, limits)
  await run(
    `INSERT INTO usage_limit (name, used, resets_at) VALUES ${marks(rows.length, 3)}
      ON DUPLICATE KEY UPDATE used = values(used), resets_at = values(resets_at)`,
    rows.flatMap(({ name, used, resets_at }) => [name, used + 1, resets_at]),
  )
}

const storeCodeSql = `INSERT INTO sent_code (address, code_id, code_length, digest, expires_at, purpose, wrong_tries)
  VALUES (?, ?, 4, ?, ?, '', 0) ON DUPLICATE KEY UPDATE code_id = values(code_id), code_length = values(code_length),
    digest = values(digest), expires_at = values(expires_at), purpose = '', wrong_tries = 0`

const vendors = new Agent({ keepAlive: true })

/** Hands a text to the vendor and waits until it is taken. */
function textCode(mobile, code) {
  const body = JSON.stringify({
    mobile,
    area: '86',
    text: `您的验证码是${code}，10分钟内有效，请勿告诉他人。`,
    code,
    template: 'code',
  })
  return new Promise((resolve, reject) => {
    const head = { 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(body) }
    const call = httpRequest(process.env.SMS_WEBHOOK_URL, { method: 'POST', agent: vendors, headers: head })
    call.once('error', reject).once('response', (response) => {
      response.resume()
      response.once('end', () => (response.statusCode < 300 ? resolve() : reject(new Error('vendor'))))
    })
    call.end(body)
  })
}

const mobile = { type: 'string', pattern: '^1[3-9]\\d{9}$' }
const parameters = { type: 'object', properties: { mobile, code: text }, required: ['mobile'] }
const envelope = {
  type: 'object',
  properties: { code: { type: 'integer' }, data: { type: 'array', items: text }, message: text },
}
const schema = { querystring: parameters, response: { 200: envelope } }

export function addCodes(app, database) {
  const rememberCheck = database.prepareAll(`INSERT INTO mobile_check (app_name, number, kind, expires_at)
    VALUES (?, ?, 'proved', ?) ON DUPLICATE KEY UPDATE expires_at = values(expires_at)`)
  app.get('/gateway/web.passport.sendcode', { schema, preValidation: signed }, async (request, reply) => {
    const { mobile } = request.query
    const address = `sms:+86${mobile}`
    const code = String(randomInt(1000, 10_000))
    await database.transaction(async (run) => {
      await spendLimits(run, sendLimits(mobile, request.ip))
      const codeId = randomBytes(12).toString('hex')
      await run(storeCodeSql, [address, codeId, digestOf(address, code), Date.now() + 10 * minute])
    })
    await textCode(mobile, code)
    reply.headers(headers)
    return { code: 200, data: [], message: '发送成功' }
  })
  app.get('/gateway/web.passport.checkcode', { schema, preValidation: signed }, async (request, reply) => {
    const { mobile, code } = request.query
    await database.transaction((run) => useCode(run, mobile, { code, ip: request.ip }))
    await rememberCheck(['web', `+86${mobile}`, Date.now() + 10 * minute])
    reply.headers(headers)
    return { code: 200, data: [], message: '校验成功' }
  })
}

async function useCode(run, mobile, { code, ip }) {
  const address = `sms:+86${mobile}`
  const [sent] = await run(
    'SELECT code_id, digest, expires_at, wrong_tries FROM sent_code WHERE address = ? FOR UPDATE',
    [address],
  )
  if (sent === undefined || sent.expires_at < Date.now()) throw new Error('no code')
  await lockLimits(run, tryLimits(mobile, ip))
  const isRight = timingSafeEqual(Buffer.from(digestOf(address, code)), Buffer.from(sent.digest))
  if (!isRight || sent.wrong_tries >= 5) throw new Error('wrong code')
  await run('DELETE FROM sent_code WHERE address = ? AND code_id = ?', [address, sent.code_id])
}
