import type { Row } from './row.js'

/** Fields that one call refuses, each with the sentence for it. */
const refused = (
  path: string,
  cases: readonly (readonly [fields: Readonly<Record<string, string>>, text: string, error?: string])[],
): Row[] =>
  cases.map(([fields, text, error = 'FIELD_REFUSED']) => [
    `${path}: ${JSON.stringify(fields).slice(0, 60)}`,
    0,
    text,
    error,
    (c) => c.as(undefined, path, fields),
  ])

const person = { user_realname: '张三', user_idcard: '11010519491231002X' }

export const profiles: readonly Row[] = [
  [
    "another user's nickname",
    0,
    '昵称已经存在，请更换！',
    'NICKNAME_TAKEN',
    async (c) => {
      const user_nickname = `昵称${c.newMobile()}`
      await c.as(undefined, 'user/edit', { user_nickname })
      return c.as(undefined, 'user/edit', { user_nickname })
    },
  ],
  ...refused('user/edit', [
    [{ user_nickname: 'x'.repeat(51) }, '昵称不能超过50个字'],
    [{ user_nickname: '<b>' }, '昵称不能包含特殊字符'],
    [{ user_birthday: '2024-13-45' }, '生日格式不正确'],
    [{ user_birthday: 'gestern' }, '生日格式不正确'],
    [{ user_birthday: '1899-12-31' }, '生日不正确'],
    [{ user_birthday: '2999-01-01' }, '生日不正确'],
    [{ user_avatar: 'javascript:alert(1)' }, '头像地址格式不正确'],
    [{ user_avatar: 'x'.repeat(256) }, '头像地址不能超过255个字'],
    [{ user_realname: 'x'.repeat(21) }, '真实姓名不能超过20个字'],
    [{ user_sign: 'x'.repeat(256) }, '个性签名不能超过255个字'],
    [{ tag_ids: 'x' }, '标签格式不正确'],
  ]),
  [
    'a certificate that waits',
    0,
    '已提交，请勿重复提交！',
    'CERTIFICATE_PENDING',
    async (c) => {
      const user = await c.gateway.addUser()
      await c.as(user, 'user/saveCertificate', person)
      return c.as(user, 'user/saveCertificate', person)
    },
  ],
  ...refused('user/saveCertificate', [
    [{ ...person, user_realname: '' }, '请填写真实姓名'],
    [{ ...person, user_realname: ' ' }, '请填写真实姓名'],
    [{ ...person, user_realname: '<b>' }, '真实姓名格式不正确'],
    [{ ...person, user_realname: '名'.repeat(21) }, '真实姓名不能超过20个字'],
    [{ ...person, user_idcard: '' }, '请填写身份证号码'],
    [{ ...person, user_idcard: '110105194912310021' }, '身份证号码格式不正确'],
    [{ ...person, user_idcard: '1'.repeat(31) }, '身份证号码不能超过30个字'],
    [{ ...person, user_idcard_images: 'javascript:x' }, '身份证照片地址格式不正确'],
    [{ ...person, user_idcard_images: 'x'.repeat(1025) }, '身份证照片地址不能超过1024个字'],
  ]),
]

const long = (length: number) => '字'.repeat(length + 1)

const addressFields: Parameters<typeof refused>[1] = [
  [{ ud_name: long(20) }, '收货人姓名不能超过20个字'],
  [{ ud_mobile: '12' }, '手机号码格式不正确'],
  [{ ud_mobile: '1'.repeat(21) }, '手机号码格式不正确'],
  [{ ud_mobile: 'abc' }, '手机号码格式不正确'],
  [{ ud_telephone: long(30) }, '联系电话不能超过30个字'],
  [{ ud_province: long(50) }, '省份不能超过50个字'],
  [{ ud_city: long(50) }, '城市不能超过50个字'],
  [{ ud_county: long(50) }, '区县不能超过50个字'],
  [{ ud_address: long(255) }, '详细地址不能超过255个字'],
  [{ ud_postalcode: long(30) }, '邮政编码不能超过30个字'],
  [{ ud_tag_name: long(50) }, '地址标签不能超过50个字'],
]

export const addresses: readonly Row[] = [
  ...refused('userDeliveryAddress/add', addressFields),
  ...refused(
    'userDeliveryAddress/save',
    addressFields.map(([fields, text]) => [{ ud_id: '1', ...fields }, text] as const),
  ),
  ...refused('userDeliveryAddress/save', [
    [{}, '操作失败', 'OPERATION_FAILED'],
    [{ ud_id: '999999', ud_name: 'x' }, '操作失败', 'OPERATION_FAILED'],
  ]),
  ...refused('userDeliveryAddress/remove', [[{ ud_id: '999999' }, '操作失败', 'OPERATION_FAILED']]),
  [
    'a hundred and one addresses',
    0,
    '收货地址数量已达上限',
    'ADDRESS_LIMIT',
    async (c) => {
      const user = await c.gateway.addUser()
      const rows = Array.from({ length: 100 }, () => ({
        user_id: user.uid,
        ud_name: 'x',
        ud_time: '2026-01-01',
      }))
      for (let at = 0; at < 100; at += 20)
        await c.gateway.db.from('account_user_delivery_address').insert(rows.slice(at, at + 20))
      return c.as(user, 'userDeliveryAddress/add', { ud_name: 'x' })
    },
  ],
]

const invoiceFields: Parameters<typeof refused>[1] = [
  [{ invoice_title: long(50) }, '发票抬头不能超过50个字'],
  [{ invoice_content: long(50) }, '发票内容不能超过50个字'],
  [{ invoice_company_code: long(100) }, '纳税人识别号不能超过100个字'],
  [{ invoice_address: long(255) }, '公司地址不能超过255个字'],
  [{ invoice_phone: long(255) }, '公司电话不能超过255个字'],
  [{ invoice_bankname: long(255) }, '开户银行不能超过255个字'],
  [{ invoice_bankaccount: long(255) }, '银行账号不能超过255个字'],
  [{ invoice_contact_name: long(255) }, '收票人姓名不能超过255个字'],
  [{ invoice_contact_mobile: long(255) }, '收票人手机号码不能超过255个字'],
  [{ invoice_contact_email: long(255) }, '收票人邮箱不能超过255个字'],
  [{ invoice_contact_area: long(255) }, '收票人地区不能超过255个字'],
  [{ invoice_contact_address: long(255) }, '收票人地址不能超过255个字'],
]

export const invoices: readonly Row[] = [
  ...refused('userInvoice/add', [
    ...invoiceFields,
    [{ invoice_is_company: '1', invoice_company_code: '123' }, '纳税人识别号不正确', 'TAX_NUMBER_WRONG'],
  ]),
  ...refused(
    'userInvoice/edit',
    invoiceFields.map(([fields, text]) => [{ user_invoice_id: '1', ...fields }, text] as const),
  ),
  ...refused('userInvoice/edit', [
    [{ user_invoice_id: '999999', invoice_title: 'x' }, '操作失败', 'OPERATION_FAILED'],
  ]),
]

export const messages: readonly Row[] = [
  ...refused('userMessage/add', [
    [{ user_nickname: 'who is that', message_content: 'x' }, '用户详细信息不存在', 'USER_NOT_EXISTS'],
    [{ message_content: 'x' }, '用户详细信息不存在', 'USER_NOT_EXISTS'],
    [{ to: 'x'.repeat(8193), message_content: 'x' }, '用户详细信息不存在', 'USER_NOT_EXISTS'],
    [{ user_other_id: '1', message_content: long(1024) }, '消息内容不能超过1024个字'],
    [
      { user_other_id: '1', mine: JSON.stringify({ content: long(1024) }) },
      '消息内容不能超过1024个字',
      'MESSAGE_TOO_LONG',
    ],
    [{ user_other_id: '1', mine: 'x'.repeat(8193) }, '消息内容不能超过1024个字', 'MESSAGE_TOO_LONG'],
    [{ user_other_id: '1', message_title: long(50) }, '消息标题不能超过50个字'],
    [{ user_other_id: '1', message_cat: 'img', message_content: 'data:x' }, '文件地址格式不正确'],
  ]),
  ...refused('userMessage/setRead', [[{ message_id: '999999' }, '操作失败', 'OPERATION_FAILED']]),
  [
    'more messages than a sender may send',
    0,
    '请求过于频繁，请稍后再试',
    'SEND_REFUSED',
    async (c) => {
      const [sender, receiver] = [await c.gateway.addUser(), await c.gateway.addUser()]
      const message = { user_other_id: String(receiver.uid), message_content: 'x' }
      await c.as(sender, 'userMessage/add', message)
      await c.as(sender, 'userMessage/add', message)
      return c.as(sender, 'userMessage/add', message)
    },
  ],
]
