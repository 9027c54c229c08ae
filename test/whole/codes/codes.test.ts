import { expect } from 'chai'
import { refusal } from '../../answers.js'
import type { HttpAnswer } from '../../harness.js'
import { manyCodes, pictureText } from '../../methods/front/account/account-client.js'
import { withGateway } from '../../suite.js'
import { createCustomers, type Customers } from './customers.js'

/** A row of the tables of account-beside.md §5: a call, and what its customer is told. */
type Row = readonly [
  what: string,
  code: 0 | 300 | 401,
  text: string,
  error: string,
  call: (customers: Customers) => Promise<HttpAnswer>,
]

const right = 'right password'
const own = { password: right }

const login: readonly Row[] = [
  [
    'an unknown user',
    300,
    '用户名或者密码不正确',
    'PASSWORD_WRONG',
    (c) => c.login({ user_account: 'nobody', ...own }),
  ],
  ['nothing at all', 300, '用户名或者密码不正确', 'PASSWORD_WRONG', (c) => c.login({})],
  [
    'a wrong password',
    300,
    '用户名或者密码不正确',
    'PASSWORD_WRONG',
    async (c) => {
      const mobile = c.newMobile()
      await c.gateway.addUser({ mobile })
      return c.login({ user_account: mobile, password: 'wrong' })
    },
  ],
  [
    'a wrong picture',
    300,
    '验证码有误',
    'VALID_ERROR',
    async (c) =>
      c.login({ user_account: 'nobody', ...own, verify_key: await c.drawPicture(), verify_code: 'no' }),
  ],
  [
    'a key that no picture has',
    300,
    '验证码有误',
    'VALID_ERROR',
    (c) => c.login({ user_account: 'nobody', ...own, verify_key: 'x'.repeat(256), verify_code: 'no' }),
  ],
  [
    'a locked user',
    300,
    '您的账号已被禁用,请联系管理员',
    'USER_LOCKED',
    async (c) => {
      const mobile = c.newMobile()
      await c.lock(await c.gateway.addUser({ mobile }))
      return c.login({ user_account: mobile, ...own })
    },
  ],
  [
    'a pause after wrong passwords',
    300,
    '登录失败次数过多，请稍后再试',
    'TOO_MANY_FAILURES',
    async (c) => {
      for (let at = 0; at < 5; at++) await c.login({ user_account: 'paused_one', password: 'wrong' })
      return c.login({ user_account: 'paused_one', password: 'wrong' })
    },
  ],
]

const doSmsLogin: readonly Row[] = [
  ...['12345', 'x'.repeat(256), ''].map(
    (verify_key): Row => [
      `the number ${verify_key.slice(0, 10)}`,
      300,
      '手机号码不正确',
      'MOBILE_WRONG',
      (c) => c.post('login/doSmsLogin', { verify_key, verify_code: '1234' }),
    ],
  ),
  [
    'a wrong code',
    300,
    '验证码有误',
    'VALID_ERROR',
    (c) => c.post('login/doSmsLogin', { verify_key: c.newMobile(), verify_code: '1234' }),
  ],
  [
    'a locked user',
    300,
    '您的账号已被禁用,请联系管理员',
    'USER_LOCKED',
    async (c) => {
      const mobile = c.newMobile()
      await c.lock(await c.gateway.addUser({ mobile }))
      return c.post('login/doSmsLogin', { verify_key: mobile, verify_code: await c.receiveCode(mobile) })
    },
  ],
]

const register: readonly Row[] = [
  ['a wrong code', 300, '验证码有误', 'VALID_ERROR', (c) => c.register({ verify_code: 'no' })],
  [
    'a code that is too long',
    300,
    '验证码有误',
    'VALID_ERROR',
    (c) => c.register({ verify_code: '1'.repeat(33) }),
  ],
  ['no code', 300, '验证码有误', 'CODE_MISSING', (c) => c.register({ verify_code: '' })],
  ...['12345', ''].map(
    (verify_key): Row => [
      `the number ${verify_key}`,
      0,
      '请输入正确的手机号！',
      'MOBILE_FORM',
      (c) => c.register({ verify_key }),
    ],
  ),
  [
    "another user's number",
    0,
    '手机号已经绑定过，不可以使用此手机号注册',
    'MOBILE_BOUND',
    async (c) => {
      const mobile = c.newMobile()
      await c.gateway.addUser({ mobile })
      return c.register({ verify_key: mobile, verify_code: await c.receiveCode(mobile) })
    },
  ],
  [
    "another user's e-mail",
    0,
    'Email已经绑定过，不可以使用此Email注册',
    'EMAIL_BOUND',
    async (c) => {
      const email = `${c.newMobile()}@example.com`
      await c.gateway.addUser({ email })
      return c.register({ bind_type: '2', verify_key: email, verify_code: await c.receiveMail(email) })
    },
  ],
  ...['a', '中文名字', 'x'.repeat(33), 'x'.repeat(300)].map(
    (user_account): Row => [
      `the account ${user_account.slice(0, 34)}`,
      0,
      '用户账号不可以包含特殊字符串！',
      'ACCOUNT_FORM',
      (c) => c.register({ bind_type: '3', user_account }),
    ],
  ),
  [
    'an account that is taken',
    0,
    '用户已经存在,请更换用户名',
    'ACCOUNT_TAKEN',
    async (c) => {
      const account = async () => ({
        bind_type: '3',
        user_account: 'taken_account',
        verify_key: await c.drawPicture(),
        verify_code: pictureText,
      })
      await c.register(await account())
      return c.register(await account())
    },
  ],
  [
    'what is no e-mail',
    0,
    '邮箱格式错误',
    'EMAIL_FORM',
    (c) => c.register({ bind_type: '2', verify_key: 'a@b' }),
  ],
  ...['', '12345', 'x'.repeat(65)].map(
    (password): Row => [
      `a password of ${password.length}`,
      0,
      '密码长度应为6-64位',
      'PASSWORD_INVALID',
      (c) => c.register({ password }),
    ],
  ),
  [
    'a password with a line in it',
    0,
    '密码不能包含特殊字符',
    'PASSWORD_CHARACTERS',
    (c) => c.register({ password: 'a\nbcdef' }),
  ],
  [
    'a code of another number',
    0,
    '验证码与注册的手机号或邮箱不一致',
    'CODE_OF_ANOTHER',
    (c) => c.register({ user_account: c.newMobile() }),
  ],
  ['a way there is not', 0, '绑定类型错误', 'BIND_TYPE_WRONG', (c) => c.register({ bind_type: '7' })],
  ['no way', 0, '绑定类型错误', 'BIND_TYPE_WRONG', (c) => c.register({ bind_type: '' })],
]

const reset = (c: Customers, fields: Readonly<Record<string, string>>) =>
  c.post('login/setNewPassword', {
    bind_type: '1',
    password: 'a new password',
    verify_code: '1234',
    ...fields,
  })

const setNewPassword: readonly Row[] = [
  ['a wrong code', 300, '验证码有误', 'VALID_ERROR', (c) => reset(c, { verify_key: c.newMobile() })],
  [
    'an empty password',
    300,
    '密码有误',
    'RESET_PASSWORD_EMPTY',
    (c) => reset(c, { verify_key: c.newMobile(), password: '' }),
  ],
  ['what is no number', 300, '手机号码不正确', 'MOBILE_WRONG', (c) => reset(c, { verify_key: '12345' })],
  ['no number', 300, '手机号码不正确', 'MOBILE_WRONG', (c) => reset(c, {})],
  [
    'a wrong old password',
    300,
    '旧密码不正确',
    'OLD_PASSWORD_WRONG',
    async (c) => c.setByOld(await c.gateway.addUser(), { old_password: 'wrong' }),
  ],
  [
    'a wrong picture',
    300,
    '验证码有误',
    'VALID_ERROR',
    async (c) => c.setByOld(await c.gateway.addUser(), { old_password: right, verify_code: 'no' }),
  ],
  [
    'a pause after wrong old passwords',
    0,
    '密码错误次数过多，请稍后再试',
    'OLD_PASSWORD_PAUSED',
    async (c) => {
      const user = await c.gateway.addUser()
      for (let at = 0; at < 5; at++) await c.setByOld(user, { old_password: 'wrong' })
      return c.setByOld(user, { old_password: 'wrong' })
    },
  ],
  [
    'a number that nobody has',
    0,
    '手机号码未绑定登录',
    'MOBILE_NOT_BOUND',
    async (c) => {
      const mobile = c.newMobile()
      return reset(c, { verify_key: mobile, verify_code: await c.receiveCode(mobile) })
    },
  ],
  [
    'what is no e-mail',
    0,
    '该邮箱不存在',
    'EMAIL_UNKNOWN',
    (c) => reset(c, { bind_type: '2', verify_key: 'a@b' }),
  ],
  [
    'an e-mail that nobody has',
    0,
    '该邮箱绑定不存在',
    'EMAIL_NOT_BOUND',
    async (c) => {
      const email = `${c.newMobile()}@example.com`
      return reset(c, { bind_type: '2', verify_key: email, verify_code: await c.receiveMail(email) })
    },
  ],
  ['a short password', 0, '密码长度应为6-64位', 'PASSWORD_INVALID', (c) => reset(c, { password: '12345' })],
  ['a way there is not', 0, '绑定类型错误', 'BIND_TYPE_WRONG', (c) => reset(c, { bind_type: '4' })],
  ['nobody signed in', 401, '请重新登录', 'LOGIN_REQUIRED', (c) => reset(c, { bind_type: '3' })],
]

const change = (fields: Readonly<Record<string, string>>) => (c: Customers) =>
  c.as(undefined, 'login/changePassword', { old_password: right, password: 'a new password', ...fields })

const changePassword: readonly Row[] = [
  ['a wrong old password', 0, '旧密码不正确！', 'OLD_PASSWORD_REFUSED', change({ old_password: 'wrong' })],
  ['no old password', 0, '旧密码不正确！', 'OLD_PASSWORD_REFUSED', change({ old_password: '' })],
  ['no new password', 0, '密码有误！', 'NEW_PASSWORD_EMPTY', change({ password: '' })],
  ['a short password', 0, '密码长度应为6-64位', 'PASSWORD_INVALID', change({ password: '12345' })],
  [
    'a pause after tries',
    0,
    '密码错误次数过多，请稍后再试',
    'OLD_PASSWORD_PAUSED',
    async (c) => {
      const user = await c.gateway.addUser()
      const wrong = { old_password: 'wrong', password: 'a new password' }
      for (let at = 0; at < 5; at++) await c.as(user, 'login/changePassword', wrong)
      return c.as(user, 'login/changePassword', wrong)
    },
  ],
]

const captcha = (c: Customers, query: string) => c.gateway.request(`/front/sys/captcha/${query}`)

const captchas: readonly Row[] = [
  ...['mobile?mobile=12345', 'mobile', `mobile?mobile=${'1'.repeat(40)}`].map(
    (query): Row => [query.slice(0, 24), 0, '手机号码不准确！', 'SEND_MOBILE_FORM', (c) => captcha(c, query)],
  ),
  ...['email?email=a@b', 'email', `email?email=${'a'.repeat(60)}@example.com`].map(
    (query): Row => [query.slice(0, 24), 0, 'Email不准确！', 'SEND_EMAIL_FORM', (c) => captcha(c, query)],
  ),
]

const bindings: readonly Row[] = (['bindMobile', 'unBindMobile'] as const).flatMap((method): Row[] => [
  ...['', '12345'].map(
    (verify_key): Row => [
      `${method}: the number ${verify_key}`,
      300,
      '手机号码不正确',
      'MOBILE_WRONG',
      (c) => c.as(undefined, `user/${method}`, { verify_key, verify_code: '1234' }),
    ],
  ),
  [
    `${method}: a wrong code`,
    300,
    '验证码有误',
    'VALID_ERROR',
    (c) => c.as(undefined, `user/${method}`, { verify_key: c.newMobile(), verify_code: '1234' }),
  ],
  [
    `${method}: another user's number`,
    0,
    '手机号已经绑定用户！',
    'MOBILE_TAKEN',
    async (c) => {
      const mobile = c.newMobile()
      await c.gateway.addUser({ mobile })
      return c.as(undefined, `user/${method}`, {
        verify_key: mobile,
        verify_code: await c.receiveCode(mobile),
      })
    },
  ],
])

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

const profiles: readonly Row[] = [
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

const addresses: readonly Row[] = [
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
        await c.gateway.services.db.from('account_user_delivery_address').insert(rows.slice(at, at + 20))
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

const invoices: readonly Row[] = [
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

const messages: readonly Row[] = [
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

withGateway('what a customer is told by', { ...manyCodes, MESSAGE_PER_MINUTE: '2' }, (gateway) => {
  const customers = createCustomers(gateway)
  const methods = {
    login,
    doSmsLogin,
    register,
    setNewPassword,
    changePassword,
    'captcha/mobile and captcha/email': captchas,
    'bindMobile and unBindMobile': bindings,
    'user/edit and saveCertificate': profiles,
    addresses,
    invoices,
    'in-site messages': messages,
  }
  for (const [method, rows] of Object.entries(methods))
    describe(method, () => {
      for (const [what, code, text, error, call] of rows)
        it(`${what}: ${code} ${text}`, async () => {
          const answer = await call(customers)
          expect([answer.status, answer.text]).to.deep.equal([200, refusal(code, text, error)])
        })
    })
})

withGateway(
  'what a customer is told where registration is off, by',
  { ...manyCodes, REGISTRATION: 'off' },
  (gateway) => {
    const customers = createCustomers(gateway)

    it('register: 0', async () => {
      const { text } = await customers.register()
      expect(text).to.equal(refusal(0, '注册功能未启用', 'REGISTRATION_OFF'))
    })

    it('doSmsLogin: 300', async () => {
      const mobile = customers.newMobile()
      const fields = { verify_key: mobile, verify_code: await customers.receiveCode(mobile) }
      const { text } = await customers.post('login/doSmsLogin', fields)
      expect(text).to.equal(refusal(300, '注册功能未启用', 'NO_USER_TO_SIGN_IN'))
    })
  },
)

withGateway(
  'what a customer is told where sends are limited or fail, by',
  { SMTP_URL: 'smtp://127.0.0.1:9' },
  (gateway) => {
    const tooMany = refusal(0, '请求过于频繁，请稍后再试', 'SEND_REFUSED')

    it('captcha/mobile: 0', async () => {
      const send = () => gateway.request('/front/sys/captcha/mobile?mobile=13400009999')
      await send()
      expect((await send()).text).to.equal(tooMany)
    })

    it('captcha/email: 0', async () => {
      const send = () => gateway.request('/front/sys/captcha/email?email=a@example.com')
      expect((await send()).text).to.equal(refusal(0, '邮件发送失败！', 'MAIL_FAILED'))
      expect((await send()).text).to.equal(tooMany)
    })
  },
)
