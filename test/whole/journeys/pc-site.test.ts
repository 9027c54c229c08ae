import { expect } from 'chai'
import { dataOf } from '../../harness.js'
import { withGateway } from '../../suite.js'

const origin = 'https://shop.example.com'

/** The shop's PC site: in a browser on another origin, GET or POST with everything in the query and an empty body. */
withGateway('the PC site', { CORS_ORIGINS: origin }, (gateway) => {
  let token = ''

  const send = (method: 'GET' | 'POST', path: string, fields: Record<string, string> = {}) =>
    gateway.request(`${path}?${new URLSearchParams({ perm_key: token, ...fields }).toString()}`, {
      method,
      headers: { Origin: origin },
    })

  async function askForCode(mobile: string): Promise<string> {
    gateway.clock.advance(61_000)
    // The plus of the number arrives as a space.
    await gateway.request(`/front/sys/captcha/mobile?mobile=+86${mobile}`)
    return gateway.lastCode(mobile)
  }

  it('may be read by the browser that shows it', async () => {
    const { headers } = await send('GET', '/front/sys/config/info')
    expect(headers.get('access-control-allow-origin')).to.equal(origin)
    expect(headers.get('access-control-expose-headers')).to.equal('Authorization')
    expect(headers.get('cache-control')).to.equal('no-store')
  })

  it('registers by mobile with the number as account and no key, and by e-mail', async () => {
    const fields = { bind_type: '1', user_account: '13900000011', password: 'secret1', encrypt: 'false' }
    const code = await askForCode('13900000011')
    const { json } = await send('POST', '/front/account/login/register', { ...fields, verify_code: code })
    expect(json).to.include({ status: 200, code: 0 })
    token = dataOf<{ token: string }>(json).token
    await send('GET', '/front/sys/captcha/email', { email: 'someone@example.com' })
    const [mail] = await gateway.sentTo('someone@example.com')
    expect(mail?.subject).to.include('注册验证码')
    const byMail = await send('POST', '/front/account/login/register', {
      bind_type: '2',
      user_account: 'Someone@example.com',
      password: 'secret2',
      verify_code: /(\d{4,8})/.exec(mail?.text ?? '')?.[1] ?? '',
    })
    expect(byMail.json).to.include({ status: 200, code: 0 })
  })

  it('signs in by GET, with number or e-mail', async () => {
    for (const [user_account, password] of [
      ['13900000011', 'secret1'],
      ['someone@example.com', 'secret2'],
    ] as const) {
      const { json } = await send('GET', '/front/account/login/login', { user_account, password })
      expect(json, user_account).to.include({ status: 200, code: 0 })
      expect(json?.data).to.have.all.keys('token', 'user_id')
    }
  })

  it('binds a number on the page that calls unBindMobile, for a user who has none', async () => {
    const user_account = 'someone@example.com'
    const login = await send('GET', '/front/account/login/login', { user_account, password: 'secret2' })
    token = dataOf<{ token: string }>(login.json).token
    const fields = { verify_key: '+8613900000012', verify_code: await askForCode('13900000012') }
    expect((await send('GET', '/front/account/user/unBindMobile', fields)).json).to.include({
      status: 200,
      code: 0,
    })
    const info = await send('GET', '/front/account/user/info')
    expect(info.json?.data).to.deep.include({ user_mobile: '13900000012', user_email: 'someone@example.com' })
  })

  it('sets a new password by GET, and the old one is dead', async () => {
    token = ''
    const reset = await send('GET', '/front/account/login/setNewPassword', {
      bind_type: '1',
      verify_key: '+8613900000011',
      verify_code: await askForCode('13900000011'),
      password: 'secret3',
    })
    expect(reset.json).to.include({ status: 200, code: 0 })
    const login = (password: string) =>
      send('GET', '/front/account/login/login', { user_account: '13900000011', password })
    expect((await login('secret1')).json?.code).to.equal(300)
    expect((await login('secret3')).json?.code).to.equal(0)
  })

  it('shows the documents and the rules to everybody', async () => {
    const protocol = await send('GET', '/front/account/login/protocol', {
      protocols_key: 'reg_privacy_protocols',
    })
    expect(protocol.json?.data).to.have.all.keys('document', 'state')
    const levels = await send('GET', '/front/account/user/listBaseUserLevel')
    expect(levels.json?.data).to.include.keys('items', 'page', 'size', 'records', 'total')
  })
})
