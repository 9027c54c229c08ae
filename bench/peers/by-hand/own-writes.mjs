// What signed-in users write: POST of a form, the transactions of the product, on MariaDB.
import { parse } from 'node:querystring'
import { flag, headers, named, number, ownEnvelope, ownResponse, textOrNull } from './answers.mjs'
import { spendLimits } from './codes.mjs'
import { address, message } from './own-reads.mjs'

export function takeForms(app) {
  app.addContentTypeParser('application/x-www-form-urlencoded', { parseAs: 'string' }, (_, body, done) =>
    done(null, parse(body)),
  )
}

const text = (maxLength) => ({ type: 'string', maxLength })
const addressForm = {
  type: 'object',
  properties: {
    ...named('ud_name ud_province ud_city ud_county', text(50)),
    ...named('ud_mobile ud_telephone ud_postalcode ud_tag_name', text(20)),
    ...named('ud_province_id ud_city_id ud_county_id', { type: 'integer', minimum: 0 }),
    ud_address: text(255),
    ud_is_default: flag,
  },
  required: ['ud_name', 'ud_mobile', 'ud_address'],
}

const addressColumns = [
  'user_id',
  'ud_name',
  'ud_intl',
  'ud_mobile',
  'ud_telephone',
  'ud_province_id',
  'ud_city_id',
  'ud_county_id',
  'ud_province',
  'ud_city',
  'ud_county',
  'ud_address',
  'ud_postalcode',
  'ud_tag_name',
  'ud_longitude',
  'ud_latitude',
  'ud_time',
  'ud_is_default',
]
const insertAddressSql = insertInto('account_user_delivery_address', addressColumns)

function insertInto(table, columns) {
  return `INSERT INTO ${table} (${columns.join(', ')}) VALUES (${columns.map(() => '?').join(', ')})`
}

const shanghai = new Intl.DateTimeFormat('sv-SE', {
  timeZone: 'Asia/Shanghai',
  dateStyle: 'short',
  timeStyle: 'medium',
})

export function addAddressForm(app, database, signedIn) {
  const schema = { body: addressForm, response: ownResponse({ type: 'object', properties: address }) }
  app.post(
    '/front/account/userDeliveryAddress/add',
    { schema, preHandler: signedIn },
    async (request, reply) => {
      const form = request.body
      const row = {
        user_id: request.userId,
        ud_name: form.ud_name,
        ud_intl: '+86',
        ud_mobile: form.ud_mobile,
        ud_telephone: form.ud_telephone ?? '',
        ud_province_id: form.ud_province_id ?? 0,
        ud_city_id: form.ud_city_id ?? 0,
        ud_county_id: form.ud_county_id ?? 0,
        ud_province: form.ud_province ?? '',
        ud_city: form.ud_city ?? '',
        ud_county: form.ud_county ?? '',
        ud_address: form.ud_address,
        ud_postalcode: form.ud_postalcode ?? '',
        ud_tag_name: form.ud_tag_name ?? '',
        ud_longitude: 0,
        ud_latitude: 0,
        ud_time: shanghai.format(Date.now()),
        ud_is_default: form.ud_is_default ? 1 : 0,
      }
      const addressId = await database.transaction((run) => storeAddress(run, row))
      reply.headers(headers)
      return ownEnvelope({
        ...row,
        ud_id: addressId,
        ud_is_default: row.ud_is_default !== 0,
        district_info: `${row.ud_province}${row.ud_city}${row.ud_county}`,
      })
    },
  )
}

/** At most a hundred, whoever else adds one at the same time: each change of a user's book waits for the other. */
async function storeAddress(run, row) {
  await run(
    'INSERT INTO user_book (user_id, changes) VALUES (?, 1) ON DUPLICATE KEY UPDATE changes = changes + 1',
    [row.user_id],
  )
  const [{ n }] = await run('SELECT count(*) AS n FROM account_user_delivery_address WHERE user_id = ?', [
    row.user_id,
  ])
  if (n >= 100) throw new Error('too many addresses')
  const { insertId } = await run(
    insertAddressSql,
    addressColumns.map((column) => row[column]),
  )
  if (row.ud_is_default)
    await run('UPDATE account_user_delivery_address SET ud_is_default = 0 WHERE user_id = ? AND ud_id <> ?', [
      row.user_id,
      insertId,
    ])
  return insertId
}

const messageColumns = [
  'user_id',
  'user_nickname',
  'user_other_id',
  'user_other_nickname',
  'message_kind',
  'message_is_read',
  'message_time',
  'message_content',
  'message_cat',
  'message_title',
  'message_data_id',
  'message_data_type',
  'message_h',
  'message_is_delete',
  'message_length',
  'message_parent_id',
  'message_type',
  'message_w',
]
const insertMessageSql = insertInto('account_user_message', messageColumns)
const findUserSql = `SELECT base.user_id, coalesce(info.user_nickname, '') AS user_nickname,
    coalesce(info.user_avatar, '') AS user_avatar
  FROM account_user_base AS base LEFT JOIN account_user_info AS info ON info.user_id = base.user_id
  WHERE base.user_id = ?`

const messageForm = {
  type: 'object',
  properties: {
    user_other_id: { type: 'integer', minimum: 1 },
    message_content: text(2000),
    message_cat: { enum: ['text'] },
  },
  required: ['user_other_id', 'message_content'],
}
const sentMessage = {
  ...message,
  message_other_id: number,
  ...named('user_avatar user_other_avatar', textOrNull),
  content: {
    type: 'object',
    properties: {
      ...named('message_content text', textOrNull),
      ...named('message_w message_h message_length item_id item_unit_price', number),
      ...named('product_item_name product_image', textOrNull),
    },
  },
  userinfo: { type: 'object', properties: { username: textOrNull, uid: number, face: textOrNull } },
  msg_row: { type: 'object', properties: message },
  num: number,
}

export function addMessageForm(app, database, signedIn) {
  const findUser = database.prepareFirst(findUserSql)
  const schema = { body: messageForm, response: ownResponse({ type: 'object', properties: sentMessage }) }
  app.post('/front/account/userMessage/add', { schema, preHandler: signedIn }, async (request, reply) => {
    const { user_other_id: otherId, message_content: content } = request.body
    // Of markup the clients draw nothing.
    if (/[<>]/.test(content)) throw new Error('markup')
    const sender = await findUser([request.userId])
    const sent = await database.transaction((run) => storeMessage(run, { sender, otherId, content }))
    reply.headers(headers)
    return ownEnvelope(describe(sent))
  })
}

async function storeMessage(run, { sender, otherId, content }) {
  await spendLimits(run, [
    { name: `minute:message:${sender.user_id}`, points: 30, milliseconds: 60_000 },
    { name: `day:message:${sender.user_id}`, points: 1000, milliseconds: 86_400_000 },
  ])
  const [receiver] = await run(findUserSql, [otherId])
  if (receiver === undefined) throw new Error('nobody')
  const body = {
    message_time: Date.now(),
    message_content: content,
    message_cat: 'text',
    message_title: '',
    message_data_id: '',
    message_data_type: 0,
    message_h: 0,
    message_is_delete: 0,
    message_length: 0,
    message_parent_id: 0,
    message_type: 2,
    message_w: 0,
  }
  const outbox = { ...between(sender, receiver), message_kind: 1, message_is_read: 1, ...body }
  const inbox = { ...between(receiver, sender), message_kind: 2, message_is_read: 0, ...body }
  const values = (row) => messageColumns.map((column) => row[column])
  const { insertId: messageId } = await run(insertMessageSql, values(outbox))
  const { insertId: receivedId } = await run(insertMessageSql, values(inbox))
  return { outbox, messageId, receivedId, sender, receiver }
}

const between = (own, other) => ({
  user_id: own.user_id,
  user_nickname: own.user_nickname,
  user_other_id: other.user_id,
  user_other_nickname: other.user_nickname,
})

function describe({ outbox, messageId, receivedId, sender, receiver }) {
  const row = { ...outbox, message_id: messageId, message_is_delete: false, message_is_read: true }
  return {
    ...row,
    message_other_id: receivedId,
    user_avatar: sender.user_avatar,
    user_other_avatar: receiver.user_avatar,
    content: {
      message_content: row.message_content,
      text: row.message_content,
      ...named('message_w message_h message_length item_id item_unit_price', 0),
      ...named('product_item_name product_image', ''),
    },
    userinfo: { username: sender.user_nickname, uid: sender.user_id % 2 ** 31, face: sender.user_avatar },
    msg_row: row,
    num: 1,
  }
}
