import { expect } from 'chai'
import { dataOf } from '../../harness.js'
import { withGateway } from '../../suite.js'

/** The shop's mobile app: forms by POST, its token as `perm_key` beside `perm_id` on every call, snake_case names. */
withGateway('the mobile app', (gateway) => {
  /** What the app has stored; it never stores a token that comes with another call than a sign-in. */
  const stored = { perm_key: '', perm_id: '' }

  const get = (path: string, fields: Record<string, string> = {}) =>
    gateway.request(`${path}?${new URLSearchParams({ ...stored, ...fields }).toString()}`)
  const post = (path: string, fields: Record<string, string> = {}) =>
    gateway.request(path, { method: 'POST', body: new URLSearchParams({ ...stored, ...fields }) })

  /** Asks for a code without saying what for, and takes it only if it has four digits. */
  async function askForCode(mobile: string): Promise<string> {
    gateway.clock.advance(61_000)
    const { json } = await get('/front/sys/captcha/mobile', { mobile: `+86${mobile}` })
    expect(json).to.include({ status: 200, code: 0 })
    const code = await gateway.lastCode(mobile)
    expect(code).to.match(/^\d{4}$/)
    return code
  }

  const infoOf = async () => (await get('/front/account/user/info')).json

  it('starts: reads the settings and shows a picture, its first with an empty key', async () => {
    const { json } = await get('/front/sys/config/info')
    expect(json).to.include({ status: 200, code: 0 })
    expect(json?.data).to.be.an('object')
    expect(Object.keys(dataOf(json))).not.to.include.members(['URL'])
    const picture = await get('/front/sys/captcha/index', { verify_key: '' })
    expect(picture.status).to.equal(200)
    expect(picture.headers.get('content-type')).to.match(/^image\//)
    expect(await infoOf()).to.include({ status: 250, code: 0, msg: '尚未登录' })
  })

  it('registers by its number and is signed in', async () => {
    const code = await askForCode('13900000001')
    const { json } = await post('/front/account/login/register', {
      bind_type: '1',
      user_account: '+8613900000001',
      password: '123456',
      verify_key: '+8613900000001',
      verify_code: code,
      encrypt: 'false',
      activity_id: 'undefined',
    })
    expect(json).to.include({ status: 200, code: 0 })
    const { token, user_id } = dataOf<{ token: string; user_id: number }>(json)
    Object.assign(stored, { perm_key: token, perm_id: String(user_id) })
    const info = await infoOf()
    expect(info?.data).to.deep.include({
      user_id,
      user_mobile: '13900000001',
      user_intl: '+86',
      user_points: 30,
      unread_number: 1,
      user_idcard_image_list: [],
    })
  })

  it('changes its user by GET, sending nulls of the database back as words', async () => {
    const { json } = await get('/front/account/user/edit', {
      user_nickname: '小明',
      user_gender: '2',
      user_birthday: '1990/02/03',
      user_realname: 'null',
      user_email: 'null',
      user_level_id: '1003',
      user_state: 'NaN',
    })
    expect(json).to.include({ status: 200, code: 0 })
    const info = await infoOf()
    expect(info?.data).to.deep.include({
      user_nickname: '小明',
      user_gender: 2,
      user_birthday: '1990-02-03 00:00:00',
      user_level_id: dataOf<{ user_level_id: number }>(info).user_level_id,
      user_realname: '',
    })
    expect(dataOf<{ user_level_id: number }>(info).user_level_id).not.to.equal(1003)
  })

  it('changes its number by unbind, then bind, with the token it has', async () => {
    const old = { verify_key: '+8613900000001', verify_code: await askForCode('13900000001') }
    expect((await post('/front/account/user/unBindMobile', old)).json).to.include({ status: 200, code: 0 })
    expect((await infoOf())?.status).to.equal(200)
    const fresh = { verify_key: '+8613900000002', verify_code: await askForCode('13900000002') }
    expect((await post('/front/account/user/bindMobile', fresh)).json).to.include({ status: 200, code: 0 })
    expect((await infoOf())?.data).to.deep.include({ user_mobile: '13900000002' })
  })

  it('forgets its password, sets a new one by a code, and signs in with it', async () => {
    const code = await askForCode('13900000002')
    Object.assign(stored, { perm_key: '', perm_id: '' })
    const reset = await post('/front/account/login/setNewPassword', {
      bind_type: '1',
      verify_key: '+8613900000002',
      verify_code: code,
      password: '654321',
      encrypt: 'false',
    })
    expect(reset.json).to.include({ status: 200, code: 0 })
    const login = (password: string) =>
      post('/front/account/login/login', { user_account: '13900000002', password, encrypt: 'false' })
    expect((await login('123456')).json).to.include({ status: 250, code: 300, msg: '用户名或者密码不正确' })
    expect((await login('654321')).json).to.include({ status: 200, code: 0 })
  })

  it('signs in by a code alone, and out again', async () => {
    const fields = {
      bind_type: '1',
      verify_key: '+8613900000002',
      verify_code: await askForCode('13900000002'),
    }
    const { json } = await post('/front/account/login/doSmsLogin', fields)
    const { token, user_id } = dataOf<{ token: string; user_id: number }>(json)
    Object.assign(stored, { perm_key: token, perm_id: String(user_id) })
    expect((await infoOf())?.status).to.equal(200)
    expect((await post('/front/account/login/logout')).json?.data).to.deep.equal({ token: '' })
    expect(await infoOf()).to.include({ status: 250, code: 0, msg: '尚未登录' })
  })
})
