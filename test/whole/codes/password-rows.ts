import type { Customers } from './customers.js'
import type { Row } from './row.js'

const right = 'right password'

const reset = (c: Customers, fields: Readonly<Record<string, string>>) =>
  c.post('login/setNewPassword', {
    bind_type: '1',
    password: 'a new password',
    verify_code: '1234',
    ...fields,
  })

export const setNewPassword: readonly Row[] = [
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

export const changePassword: readonly Row[] = [
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

export const captchas: readonly Row[] = [
  ...['mobile?mobile=12345', 'mobile', `mobile?mobile=${'1'.repeat(40)}`].map(
    (query): Row => [query.slice(0, 24), 0, '手机号码不准确！', 'SEND_MOBILE_FORM', (c) => captcha(c, query)],
  ),
  ...['email?email=a@b', 'email', `email?email=${'a'.repeat(60)}@example.com`].map(
    (query): Row => [query.slice(0, 24), 0, 'Email不准确！', 'SEND_EMAIL_FORM', (c) => captcha(c, query)],
  ),
]

export const bindings: readonly Row[] = (['bindMobile', 'unBindMobile'] as const).flatMap((method): Row[] => [
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
