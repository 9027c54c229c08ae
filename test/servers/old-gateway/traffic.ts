import { type ClientAnswer, type ClientCall, sendCall, signedCall } from './client.js'
import type { OldGateway } from './old-gateway.js'
import type { OldUser } from './old-users.js'

export interface TrafficOptions {
  /** Where the clients call. */
  readonly url: string
  readonly old: OldGateway
  readonly calls: number
  readonly concurrency?: number
  /** Which methods the clients know: those of the method gateway alone, or the account's paths too. */
  readonly kinds?: 'passport' | 'all'
  /** Awaited before each call, with how many it makes. */
  readonly pause?: (made: number) => Promise<void>
}

/** Makes so many calls, as users of several devices do. Each user's come one after the other. */
export async function makeTraffic({
  url,
  old,
  calls,
  concurrency = 4,
  kinds = 'all',
  pause,
}: TrafficOptions): Promise<void> {
  const count = { made: 0 }
  const send = async (call: ClientCall): Promise<ClientAnswer | undefined> => {
    if (count.made >= calls) return undefined
    count.made++
    await pause?.(count.made)
    return sendCall(url, call)
  }
  const users = [...old.users]
  const client = async (place: number) => {
    for (let round = 0; count.made < calls; round++) {
      const user = users[(place + round * concurrency) % users.length]
      if (user === undefined) return
      await visit(user, { old, send, round: round * concurrency + place })
      if (kinds === 'all') await shop(user, { old, send, round })
    }
  }
  // So many users at once: no two clients have the same one.
  await Promise.all(Array.from({ length: concurrency }, (_, place) => client(place)))
}

interface Visit {
  readonly old: OldGateway
  readonly send: (call: ClientCall) => Promise<ClientAnswer | undefined>
  readonly round: number
}

/** What an application asks the method gateway. */
async function visit(user: OldUser, { old, send, round }: Visit): Promise<void> {
  const app = { name: 'h5', secret: old.apps['h5'] ?? '' }
  const android = { name: 'android', secret: old.apps['android'] ?? '' }
  const uid = String(user.uid)
  const call = (method: string, params: Record<string, string>, verb: 'GET' | 'POST' = 'GET') =>
    send(signedCall(round % 3 === 0 ? android : app, method, params, verb))
  await call('open.passport.get', { uid })
  await call('web.passport.getUserVerifyInfo', { uid, udid: `device-${user.uid}-${round}` })
  await call('web.passport.verifyUserPwd', { uid, password: user.password }, 'POST')
  if (round % 4 === 0) await call('web.passport.verifyUserPwd', { uid, password: 'wrong-Secret-1' }, 'POST')
  await call('web.passport.getUserContacts', { uid, nickname: ' 张 三 + ' })
  await call(
    'web.passport.modifyUserContacts',
    { uid, full_address: `${user.fullAddress}${round % 7}` },
    'POST',
  )
  await call('web.passport.getUserHabits', { uid })
  await call('web.passport.checkVerifyEmail', { uid, email: user.email })
  await call('web.passport.checkVerifyMobile', { uid, mobile: user.mobile, area: '86' })
  await call('web.passport.getUserVerifyInfo', { uid: String(user.uid + 1) })
  await call('web.passport.checkVerifyMobile', { mobile: '12', area: '86' })
  await call('web.passport.checkCodeValid', { code: `mail-token-${round}-Zq8LmW3x` })
  // Ours texts a number once a minute, the old one whenever it is asked.
  if (round % 5 === 0 && round < old.users.length) await proveNumber(user, old, call)
  await send({
    verb: 'GET',
    path: '/gateway',
    params: { method: 'open.passport.get', uid, client_type: 'h5', client_secret: 'f'.repeat(32) },
  })
  await send({
    verb: 'GET',
    path: '/',
    params: { method: 'open.passport.get', return_type: 'jsonp', callback: 'jQuery_1' },
  })
}

async function proveNumber(
  user: OldUser,
  old: OldGateway,
  call: (method: string, params: Record<string, string>) => Promise<ClientAnswer | undefined>,
): Promise<void> {
  if (!(await call('web.passport.sendcode', { mobile: user.mobile, area: '86' }))) return
  await call('web.passport.checkcode', { mobile: user.mobile, area: '86', code: '1' })
  await call('web.passport.checkcode', { mobile: user.mobile, area: '86', code: old.lastSent(user.mobile) })
}

/** What a shop's front end asks, with the token of a sign-in. */
async function shop(user: OldUser, { send, round }: Visit): Promise<void> {
  const call = (path: string, params: Record<string, string>, verb: 'GET' | 'POST' = 'GET', token?: string) =>
    send({
      verb,
      path: `/front/account/${path}`,
      params,
      ...(token && round % 2 === 0 && { headers: { Authorization: `Bearer ${token}` } }),
    })
  const name = round % 2 === 0 ? `+86${user.mobile}` : user.account
  const signedIn = await call('login/login', { user_account: name, password: user.password }, 'POST')
  const token = (signedIn?.json.data as { token?: string } | undefined)?.token
  if (token === undefined) return
  const key = round % 2 === 0 ? undefined : { perm_key: token, perm_id: String(user.uid) }
  await call('user/info', { ...key }, 'GET', token)
  await call('userDeliveryAddress/list', { ...key }, 'GET', token)
  const added = await call(
    'userDeliveryAddress/add',
    {
      ...key,
      ud_name: user.nickname,
      ud_mobile: user.mobile,
      ud_address: user.fullAddress,
      ud_is_default: 'true',
    },
    'POST',
    token,
  )
  const id = (added?.json.data as { ud_id?: number } | undefined)?.ud_id
  if (id !== undefined) {
    await call('userDeliveryAddress/get', { ...key, ud_id: String(id) }, 'GET', token)
    await call('userDeliveryAddress/remove', { ...key, ud_id: String(id) }, 'POST', token)
  }
  await call('login/logout', { ...key }, 'GET', token)
}
