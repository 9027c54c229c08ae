import { expect } from 'chai'
import { constants, createPublicKey, publicEncrypt } from 'node:crypto'
import { storeCaptcha } from '../../../methods/rules/codes/captchas.js'
import { dataOf } from '../../harness.js'
import { addAdmin } from '../../methods/manage/account/administrators.js'
import { prepared, withGateway } from '../../suite.js'

/** The shop's admin site: signs in with an encrypted password and a picture, then manages users. */
withGateway('the admin site', (gateway) => {
  let token = ''
  const admin = prepared(before, () => addAdmin(gateway))
  const member = prepared(before, () => gateway.addUser({ mobile: '13900000021' }))

  const post = (path: string, fields: Record<string, string> = {}) =>
    gateway.request(path, {
      method: 'POST',
      body: new URLSearchParams(fields),
      headers: token === '' ? {} : { Authorization: `Bearer ${token}` },
    })
  const get = (path: string, fields: Record<string, string> = {}) =>
    gateway.request(`${path}?${new URLSearchParams(fields).toString()}`, {
      headers: { Authorization: `Bearer ${token}` },
    })

  /** As JSEncrypt does with the key that the server hands out. */
  async function encrypt(password: string): Promise<string> {
    const { json } = await gateway.request('/front/sys/config/publicKey')
    const { public_key } = dataOf<{ public_key: string }>(json)
    const key = createPublicKey({ key: Buffer.from(public_key, 'base64'), format: 'der', type: 'spki' })
    return publicEncrypt({ key, padding: constants.RSA_PKCS1_PADDING }, Buffer.from(password)).toString(
      'base64',
    )
  }

  async function login(password: string, picture: string) {
    const { user_account } = await gateway
      .db('account_user_base')
      .where({ user_id: admin.uid })
      .first()
      .then((row) => row ?? expect.fail('no administrator'))
    await gateway.request('/front/sys/captcha/index?verify_key=admin-key')
    await storeCaptcha(gateway.services, 'admin-key', 'Ab3d')
    const fields = { user_account, encrypt: 'true', verify_key: 'admin-key', verify_code: picture }
    return post('/front/account/login/login', { ...fields, password: await encrypt(password) })
  }

  it('signs in with an encrypted password and the picture, in any case', async () => {
    expect((await login(admin.password, 'xxxx')).json).to.include({ code: 300, msg: '验证码有误' })
    expect((await login('another password', 'ab3D')).json).to.include({
      code: 300,
      msg: '用户名或者密码不正确',
    })
    const { json } = await login(admin.password, 'aB3d')
    expect(json).to.include({ status: 200, code: 0 })
    token = dataOf<{ token: string }>(json).token
  })

  it('finds a user and locks the user, whose sessions end at once', async () => {
    const memberToken = await member.startSession()
    const found = await get('/manage/account/user/list', {
      user_mobile: '13900000021',
      page: '1',
      size: '10',
    })
    expect(found.json?.data).to.deep.include({ page: 1, size: 10, records: 1, total: 1 })
    const edit = (state: string) =>
      post('/manage/account/user/edit', { user_id: String(member.uid), user_state: state })
    expect((await edit('0')).json).to.include({ status: 200, code: 0 })
    const info = () => gateway.request(`/front/account/user/info?perm_key=${memberToken}`)
    expect((await info()).json).to.include({ status: 250, code: 0, msg: '尚未登录' })
    const signIn = () =>
      post('/front/account/login/login', { user_account: '13900000021', password: member.password })
    expect((await signIn()).json).to.include({ code: 300, msg: '您的账号已被禁用,请联系管理员' })
    expect((await edit('1')).json).to.include({ status: 200, code: 0 })
    expect((await signIn()).json).to.include({ status: 200, code: 0 })
  })

  it('sees in the audit what was done, and by whom', async () => {
    const { json } = await get('/manage/account/audit/list', { size: '50' })
    const { items } = dataOf<{ items: { action: string; actor_id: number; target_id: number }[] }>(json)
    const edits = items.filter(({ action }) => action === 'manage.account.user.edit')
    expect(edits.map(({ actor_id, target_id }) => [actor_id, target_id])).to.deep.equal([
      [admin.uid, member.uid],
      [admin.uid, member.uid],
    ])
  })

  it('is a login page for who has no token, and closed to members', async () => {
    token = ''
    expect((await post('/manage/account/user/edit', { user_id: '1' })).json).to.include({
      code: 401,
      msg: '请重新登录',
    })
    token = await member.startSession()
    expect((await get('/manage/account/user/list')).json).to.include({ code: 403, msg: '没有访问权限' })
  })
})
