import { pictureText } from '../../methods/front/account/account-client.js'
import type { Row } from './row.js'

const right = 'right password'
const own = { password: right }

export const login: readonly Row[] = [
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

export const doSmsLogin: readonly Row[] = [
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

export const register: readonly Row[] = [
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
