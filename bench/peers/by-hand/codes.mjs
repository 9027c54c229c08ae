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
  // Of all: in shares, or each send would wait for the commit of the one before.
  { name: `whole-day:sms:${randomInt(16)}`, points: Infinity, milliseconds: day },
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

const byName = (limits) => limits.toSorted((left, right) => (left.name < right.name ? -1 : 1))
const readSql = (count) => `SELECT name, used, resets_at FROM usage_limit WHERE name IN (${list(count)})`

/** Locks the rows of some limits, in the order of their names, and makes those missing; throws if one is used up. */
async function lockLimits(run, limits) {
  const sorted = byName(limits)
  const names = sorted.map(({ name }) => name)
  const lock = () => run(`${readSql(names.length)} ORDER BY name FOR UPDATE`, names)
  let rows = await lock()
  if (rows.length < names.length) {
    await run(
      `INSERT INTO usage_limit (name, used, resets_at) VALUES ${marks(names.length, 3)}
        ON DUPLICATE KEY UPDATE name = values(name)`,
      names.flatMap((name) => [name, 0, 0]),
    )
    rows = await lock()
  }
  const now = Date.now()
  for (const [at, { points }] of sorted.entries())
    if (rows[at].resets_at > now && rows[at].used >= points) throw new Error('too many')
}

/** Uses each limit once, in a window that begins with its first use; throws if one was used up. */
export async function spendLimits(run, limits) {
  const now = Date.now()
  const sorted = byName(limits)
  await run(
    `INSERT INTO usage_limit (name, used, resets_at) VALUES ${marks(sorted.length, 3)}
      ON DUPLICATE KEY UPDATE used = CASE WHEN resets_at > ? THEN used + 1 ELSE 1 END,
        resets_at = CASE WHEN resets_at > ? THEN resets_at ELSE values(resets_at) END`,
    [...sorted.flatMap(({ name, milliseconds }) => [name, 1, now + milliseconds]), now, now],
  )
  const names = sorted.map(({ name }) => name)
  const rows = await run(readSql(names.length), names)
  const points = new Map(limits.map((limit) => [limit.name, limit.points]))
  if (rows.some(({ name, used }) => used > points.get(name))) throw new Error('too many')
}

const newestSql = 'SELECT max(sequence) AS newest FROM sent_code WHERE address = ?'
const storeCodeSql = `INSERT INTO sent_code (address, sequence, code_id, code_length, digest, expires_at, purpose, wrong_tries)
  VALUES (?, ?, ?, 4, ?, ?, '', 0)`

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
  const deleteFormer = database.prepareAll('DELETE FROM sent_code WHERE address = ? AND sequence < ?')
  app.get('/gateway/web.passport.sendcode', { schema, preValidation: signed }, async (request, reply) => {
    const { mobile } = request.query
    const address = `sms:+86${mobile}`
    const code = String(randomInt(1000, 10_000))
    // The former code is good until this one has been delivered.
    const sequence = await database.transaction(async (run) => {
      await spendLimits(run, sendLimits(mobile, request.ip))
      const [{ newest }] = await run(newestSql, [address])
      const sequence = newest === null ? 0 : newest + 1
      const codeId = randomBytes(12).toString('hex')
      await run(storeCodeSql, [address, sequence, codeId, digestOf(address, code), Date.now() + 10 * minute])
      return sequence
    })
    await textCode(mobile, code)
    if (sequence > 0) await deleteFormer([address, sequence])
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
    `SELECT sequence, digest, expires_at, wrong_tries FROM sent_code WHERE address = ?
      ORDER BY sequence DESC FOR UPDATE`,
    [address],
  )
  if (sent === undefined || sent.expires_at < Date.now()) throw new Error('no code')
  await lockLimits(run, tryLimits(mobile, ip))
  const isRight = timingSafeEqual(Buffer.from(digestOf(address, code)), Buffer.from(sent.digest))
  if (!isRight || sent.wrong_tries >= 5) throw new Error('wrong code')
  await run('DELETE FROM sent_code WHERE address = ? AND sequence <= ?', [address, sent.sequence])
}
