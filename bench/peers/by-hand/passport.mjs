// The passport's reads: a signed GET of /gateway each.
import { envelopeSchema, jobSchema, successMessage } from '../../../dist/bench/job.js'
import { headers, named, shownMobile, signed, text } from './answers.mjs'

const verifyInfoSql = `SELECT base.user_id, info.user_intl, info.user_mobile, info.user_email,
    mobile.verified_at AS mobile_verified_at, email.verified_at AS email_verified_at
  FROM account_user_base AS base
  LEFT JOIN account_user_info AS info ON info.user_id = base.user_id
  LEFT JOIN user_identity AS mobile ON mobile.user_id = base.user_id AND mobile.kind = 'mobile'
  LEFT JOIN user_identity AS email ON email.user_id = base.user_id AND email.kind = 'email'
  WHERE base.user_id = ?`

const hour = 3_600_000

/** Milliseconds as Shanghai's clocks show them. */
function formatTime(at) {
  if (at === null) return ''
  return new Date(at + 8 * hour).toISOString().slice(0, 19).replace('T', ' ')
}

const yesOrNo = (at) => (at === null ? 'N' : 'Y')

const describe = (user) => ({
  email: user.user_email ?? '',
  emailVerify: yesOrNo(user.email_verified_at),
  emailVerifyTime: formatTime(user.email_verified_at),
  mobile: shownMobile(user.user_intl, user.user_mobile),
  mobileVerify: yesOrNo(user.mobile_verified_at),
  mobileVerifyTime: formatTime(user.mobile_verified_at),
  uid: user.user_id,
})

const nobody = { code: 1000, message: '接口不存在' }

export function addVerifyInfo(app, database) {
  const read = database.prepareFirst(verifyInfoSql)
  const schema = { querystring: jobSchema, response: { 200: envelopeSchema } }
  app.get(
    '/gateway/web.passport.getUserVerifyInfo',
    { schema, preValidation: signed },
    async (request, reply) => {
      const user = await read([request.query.uid])
      reply.headers(headers)
      if (user === undefined) return reply.code(404).send(nobody)
      return { code: 200, data: describe(user), message: successMessage }
    },
  )
}

const cardSql = `SELECT base.user_id, user_nickname, user_avatar, level, starts_at, ends_at, coupon_count, order_count,
    refund_count, yohocoin_count, cur_total_cost, cur_year_cost,
    (SELECT count(*) FROM account_user_message AS message WHERE message.user_id = base.user_id
      AND message.message_kind = 2 AND message.message_is_read = 0) AS unread
  FROM account_user_base AS base
  LEFT JOIN account_user_info AS info ON info.user_id = base.user_id
  LEFT JOIN passport_counter AS counter ON counter.user_id = base.user_id
  LEFT JOIN passport_vip AS vip ON vip.user_id = base.user_id
  WHERE base.user_id = ?`

const number = { type: 'number' }
const vipLevel = {
  type: 'object',
  properties: {
    ...named('commonDiscount curLevel needCost nextLevel', text),
    premiumScops: { type: 'array', items: text },
    ...named('promotionDiscount title', text),
  },
}
const vip = {
  type: 'object',
  properties: {
    curTotalCost: text,
    curVipInfo: vipLevel,
    ...named('curYearCost curYearCostPer fitTime', text),
    nextVipInfo: vipLevel,
    ...named('upgradeNeedCost upgradeNeedCostPer vipEndDay vipEndTime vipRemainDays vipStartTime', text),
  },
}
const card = {
  type: 'object',
  properties: {
    ...named('YohocoinCount couponCount', number),
    head_ico: text,
    ...named('messageCount orderCount', number),
    profile_name: text,
    ...named('random refundCount', number),
    token: text,
    uid: number,
    vip,
  },
}
const cardEnvelope = {
  type: 'object',
  properties: {
    code: { type: 'integer' },
    data: { type: 'object', properties: { data: card, result: text } },
    message: text,
  },
}

/** As Java prints a double. */
const javaDouble = (value) => (Number.isInteger(value) ? `${value}.0` : String(value))
const percent = (part, whole) => (whole === 0 ? '0' : String(Math.trunc((part * 100) / whole)))
const cents = (amount) => Math.round(Number(amount ?? 0) * 100)
const maskName = (name) => (/^1[3-9]\d{9}$/.test(name) ? `${name.slice(0, 2)}****${name.slice(-5)}` : name)

const describeLevel = (level) => ({
  commonDiscount: javaDouble(Number(level.common_discount)),
  curLevel: String(level.level),
  needCost: javaDouble(Number(level.need_cost)),
  nextLevel: String(level.next_level),
  premiumScops: level.premium_scopes.split(',').filter((scope) => scope !== ''),
  promotionDiscount: javaDouble(Number(level.promotion_discount)),
  title: level.title,
})

const fifteenDays = 1_296_000

function describeVip(row, levels, seconds) {
  const current = levels.get(row.level ?? 0)
  const next = levels.get(current.nextLevel)
  const yearCents = cents(row.cur_year_cost)
  const missingCents = Math.max(0, (next?.needCents ?? 0) - yearCents)
  const [start, end] = [row.starts_at ?? 0, row.ends_at ?? 0]
  const daysLeft = String(Math.max(0, Math.floor((end - seconds) / 86_400)))
  return {
    curTotalCost: javaDouble(Number(row.cur_total_cost ?? 0)),
    curVipInfo: current.shown,
    curYearCost: javaDouble(yearCents / 100),
    curYearCostPer: percent(yearCents, next?.needCents ?? 0),
    fitTime: String(start === 0 ? 0 : start - fifteenDays),
    nextVipInfo: next?.shown,
    upgradeNeedCost: javaDouble(missingCents / 100),
    upgradeNeedCostPer: percent(missingCents, next?.needCents ?? 0),
    vipEndDay: daysLeft,
    vipEndTime: String(end),
    vipRemainDays: daysLeft,
    vipStartTime: String(start),
  }
}

/** The levels are read once, at the start. */
export async function addPassportCard(app, database) {
  const read = database.prepareFirst(cardSql)
  const rows = await database.prepareAll('SELECT * FROM passport_vip_level ORDER BY level')([])
  const levels = new Map(
    rows.map((row) => [
      row.level,
      { shown: describeLevel(row), nextLevel: row.next_level, needCents: cents(row.need_cost) },
    ]),
  )
  const schema = { querystring: jobSchema, response: { 200: cardEnvelope } }
  app.get('/gateway/open.passport.get', { schema, preValidation: signed }, async (request, reply) => {
    const row = await read([request.query.uid])
    reply.headers(headers)
    if (row === undefined) return reply.code(404).send(nobody)
    const seconds = Date.now() / 1000
    const data = {
      YohocoinCount: row.yohocoin_count ?? 0,
      couponCount: row.coupon_count ?? 0,
      head_ico: row.user_avatar ?? '',
      messageCount: row.unread,
      orderCount: row.order_count ?? 0,
      profile_name: maskName(row.user_nickname ?? ''),
      random: seconds,
      refundCount: row.refund_count ?? 0,
      token: '',
      uid: row.user_id,
      vip: describeVip(row, levels, seconds),
    }
    return { code: 200, data: { data, result: '1' }, message: 'User info' }
  })
}
