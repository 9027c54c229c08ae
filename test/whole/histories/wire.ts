import type { HttpAnswer } from '../../fetch-answer.js'
import type { Address, Call, CallOf, SessionName } from './call.js'
import type { Clients } from './clients.js'
import { nameAddresses } from './model/belongings.js'
import type { NodeRequest } from './nodes.js'

/** How a call is put on the wire, by what its clients know. */
type Writers = {
  readonly [Kind in Call['kind']]: (call: CallOf<Kind>, clients: Clients) => NodeRequest
}

const post = (method: string, params: Record<string, string>): NodeRequest => ({ method, params })

type OfSession = { readonly session: SessionName }

const own = (
  method: string,
  { session }: OfSession,
  { sessions }: Clients,
  params: Record<string, string> = {},
): NodeRequest => {
  const token = sessions.find(({ name }) => name === session)?.token ?? ''
  return post(`front.account.${method}`, { perm_key: token, ...params })
}

const read = (method: string, call: OfSession, clients: Clients): NodeRequest => ({
  ...own(method, call, clients),
  verb: 'GET',
})

const idOf = (name: string, { addresses }: Clients) =>
  ({ ud_id: addresses.find((one) => one.name === name)?.id ?? '' }) as const

type OfCode = { readonly address: Address; readonly code: string }

const proof = ({ address, code }: OfCode, { real }: Clients) =>
  ({ verify_key: real(address), verify_code: code }) as const

const bindType = ({ address }: OfCode) => ({ bind_type: address.startsWith('mobile') ? '1' : '2' }) as const

const writers: Writers = {
  'send code': ({ address }, { real }) =>
    address.startsWith('mobile')
      ? post('front.sys.captcha.mobile', { mobile: real(address) })
      : post('front.sys.captcha.email', { email: real(address) }),
  'check code': ({ address, code }, { real }) =>
    post('web.passport.checkcode', { mobile: real(address), code }),
  'sign in by code': (call, clients) => post('front.account.login.doSmsLogin', proof(call, clients)),
  register: (call, clients) =>
    post('front.account.login.register', {
      ...bindType(call),
      ...proof(call, clients),
      password: call.password,
    }),
  'reset password': (call, clients) =>
    post('front.account.login.setNewPassword', {
      ...bindType(call),
      ...proof(call, clients),
      password: call.password,
    }),
  'sign in': ({ address, password }, { real }) =>
    post('front.account.login.login', { user_account: real(address), password }),
  'change password': (call, clients) =>
    own('login.changePassword', call, clients, { oldPassword: call.old, password: call.password }),
  'set password': ({ user, password }) =>
    post('web.passport.changePwd', { uid: user, newPassword: password }),
  bind: (call, clients) => own('user.bindMobile', call, clients, proof(call, clients)),
  unbind: (call, clients) => own('user.unBindMobile', call, clients, proof(call, clients)),
  'check mobile': ({ user, address }, { real }) =>
    post('web.passport.checkVerifyMobile', { uid: user, mobile: real(address) }),
  'change mobile': ({ user, address }, { real }) =>
    post('web.passport.changeVerifyMobile', { uid: user, newMobile: real(address) }),
  'verify e-mail': ({ user, address }, { real }) =>
    post('web.passport.verifyEmail', { uid: user, email: real(address) }),
  'change e-mail': ({ link }) => post('web.passport.changeEmail', { code: link }),
  look: (call, clients) => read('user.info', call, clients),
  'log out': (call, clients) => own('login.logout', call, clients),
  'end others': (call, clients) => own('userSession.remove', call, clients, { others: 'true' }),
  'add address': (call, clients) =>
    own('userDeliveryAddress.add', call, clients, {
      ud_name: call.name,
      ud_is_default: String(call.isDefault),
    }),
  'make default': (call, clients) =>
    own('userDeliveryAddress.save', call, clients, { ...idOf(call.name, clients), ud_is_default: 'true' }),
  'remove address': (call, clients) =>
    own('userDeliveryAddress.remove', call, clients, idOf(call.name, clients)),
  'list addresses': (call, clients) => read('userDeliveryAddress.list', call, clients),
  'send message': (call, clients) =>
    own('userMessage.add', call, clients, { user_other_id: call.to, message_content: 'hello' }),
  'count unread': (call, clients) => read('userMessage.getMsgCount', call, clients),
  'read all': (call, clients) => own('userMessage.setRead', call, clients),
}

/** What a call is on the wire. */
export function requestOf(call: Call, clients: Clients): NodeRequest {
  const write = writers[call.kind] as (call: Call, clients: Clients) => NodeRequest
  return write(call, clients)
}

const signedOut = ['TOKEN_BROKEN', 'TOKEN_EXPIRED', 'NOT_SIGNED_IN', 'LOGIN_REQUIRED']

/** What an answer says, in the model's words; undefined for one after which the call may be made again. */
export function readAnswer(call: Call, { status, json, text }: HttpAnswer): string | undefined {
  if (status === 503) return undefined
  if (!json) return `${status} ${text}`
  if (call.kind === 'list addresses' && json['status'] === 200) return readAddresses(json.data)
  if (call.kind === 'count unread' && json['status'] === 200)
    return `ok: ${(json.data as { num: number }).num}`
  if (json.code === 200 || json['status'] === 200) return 'ok'
  const error = typeof json['error'] === 'string' ? json['error'] : String(json.code)
  return signedOut.includes(error) ? 'OUT' : error
}

function readAddresses(data: unknown): string {
  const { items } = data as { items: { ud_name: string; ud_is_default: boolean }[] }
  return nameAddresses(items.map((row) => ({ name: row.ud_name, isDefault: row.ud_is_default })))
}
