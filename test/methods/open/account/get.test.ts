import { expect } from 'chai'
import {
  mobileMalformed,
  paramError,
  signInAgain,
  signatureInvalid,
  signatureMissing,
  userNotExists,
} from '../../../answers.js'
import { startGateway } from '../../../harness.js'
import { withGateway } from '../../../suite.js'

const method = 'open.account.get'

withGateway(method, { NODE_ENV: 'test' }, (gateway, database) => {
  const get = async (params: Record<string, string>) => (await gateway.call(method, params)).text
  const accountOf = async (uid: number) =>
    (await gateway.db('account_user_base').where({ user_id: uid }).first('user_account'))?.user_account ??
    expect.fail('no such user')

  it('answers a user by id, number, e-mail address or account', async () => {
    const { uid } = await gateway.addUser({
      mobile: '13912345678',
      email: 'Someone@Example.com',
      nickname: '小明',
    })
    const account = await accountOf(uid)
    await gateway
      .db('account_user_info')
      .where({ user_id: uid })
      .update({ user_avatar: 'a.png', user_level_id: 1002 })
    await gateway
      .db('account_user_base')
      .where({ user_id: uid })
      .update({ user_created_at: 1_767_326_400_000 })
    const expected =
      `{"code":200,"data":{"uid":${uid},"account":"${account}","nickname":"小明",` +
      '"avatar":"http://passport.test/a.png","state":1,"mobile":"+8613912345678",' +
      '"email":"someone@example.com","level_id":1002,"created_at":1767326400000},"message":"操作成功"}'
    const ways = [
      { uid: String(uid) },
      { mobile: '13912345678' },
      { mobile: '+8613912345678' },
      { mobile: '8613912345678' },
      { email: 'someone@example.com' },
      { email: 'SOMEONE@example.com' },
      { account },
      { account: account.toUpperCase() },
      { uid: '', mobile: '', email: 'someone@example.com', account: '' },
    ]
    for (const way of ways) expect(await get(way), JSON.stringify(way)).to.equal(expected)
  })

  it('knows no number and no address that is only claimed', async () => {
    const { uid } = await gateway.addUser({ mobile: '13912340000', email: 'claimed@a.cn', verified: false })
    expect(await get({ mobile: '13912340000' })).to.equal(userNotExists)
    expect(await get({ email: 'claimed@a.cn' })).to.equal(userNotExists)
    const { json } = await gateway.call(method, { uid: String(uid) })
    expect(json?.data).to.include({ uid, mobile: '', email: '' })
  })

  it('tells that a user is locked, and takes the time of an imported one from the old table', async () => {
    const { uid } = await gateway.addUser()
    await gateway.db('account_user_info').where({ user_id: uid }).update({ user_state: 0 })
    await gateway.db('account_user_login').insert({ user_id: uid, user_reg_time: 1_500_000_000_000 })
    const { json } = await gateway.call(method, { uid: String(uid) })
    expect(json?.data).to.include({ state: 0, created_at: 1_500_000_000_000 })
  })

  it('answers an imported user who has no row but the first', async () => {
    const [uid] = await gateway
      .db('account_user_base')
      .insert({ user_account: 'only-base', user_created_at: 5 })
    expect((await gateway.call(method, { account: 'only-base' })).json?.data).to.deep.equal({
      uid,
      account: 'only-base',
      nickname: '',
      avatar: '',
      state: 1,
      mobile: '',
      email: '',
      level_id: 0,
      created_at: 5,
    })
  })

  it('says that there is no such user', async () => {
    const { uid } = await gateway.addUser({ mobile: '13912341111' })
    const strangers = [
      { uid: String(uid + 1000) },
      { uid: '9007199254740991' },
      { mobile: '13912349999' },
      { email: 'nobody@example.com' },
      { email: 'no address' },
      { account: 'nobody' },
      { account: '13912341111' },
      { account: '%' },
    ]
    for (const params of strangers) expect(await get(params), JSON.stringify(params)).to.equal(userNotExists)
  })

  it('wants exactly one of the four, and says so', async () => {
    const development = await startGateway(database, { NODE_ENV: 'development' })
    const wrong = [
      {},
      { uid: '', mobile: '' },
      { uid: '1', account: 'x' },
      { mobile: '13912345678', email: 'a@example.com' },
      { uid: '1', mobile: '13912345678', email: 'a@example.com', account: 'x' },
    ]
    for (const params of wrong) {
      const { text, headers } = await development.call(method, params)
      expect(text, JSON.stringify(params)).to.equal(paramError)
      expect(headers.get('x-error-detail')).to.equal('uid, mobile, email, account: exactly one of them')
    }
    await development.close()
  })

  it('refuses what is no id, no number, or longer than any account', async () => {
    for (const uid of ['0', '-1', 'abc', '1.5', '9007199254740992'])
      expect(await get({ uid }), uid).to.equal(paramError)
    for (const mobile of ['1', 'abc', '12345678901', '+86139', '+999123'])
      expect(await get({ mobile }), mobile).to.equal(mobileMalformed)
    expect(await get({ account: 'x'.repeat(101) })).to.equal(paramError)
    expect(await get({ email: `${'x'.repeat(50)}@a.cn` })).to.equal(paramError)
  })

  it('looks a user up in one statement, and the owner of an address in one before it', async () => {
    const { uid } = await gateway.addUser({ mobile: '13912342222', email: 'one@example.com' })
    const statements: string[] = []
    const listen = ({ sql }: { sql: string }) => {
      if (/account_user_base/.test(sql)) statements.push(sql)
    }
    gateway.db.client.on('query', listen)
    const ways = [{ uid: String(uid) }, { mobile: '13912342222' }, { email: 'one@example.com' }]
    for (const way of ways) expect(await get(way)).to.contain(`"uid":${uid},`)
    gateway.db.client.off('query', listen)
    expect(statements, statements.join('\n')).to.have.length(ways.length + 2)
  })

  it('is for applications that it is granted to', async () => {
    const { uid } = await gateway.addUser()
    const stranger = await gateway.addApp({ grants: ['web.passport.*'] })
    const params = { uid: String(uid) }
    expect((await gateway.call(method, params, { app: stranger })).text).to.equal(signatureInvalid)
    expect((await gateway.call(method, params, { app: null })).text).to.equal(signatureMissing)
  })

  it('shows an application whose key is known to all nobody but the user who is signed in', async () => {
    const user = await gateway.addUser({ mobile: '13912343333' })
    const token = await user.startSession()
    const app = await gateway.addApp({ trust: 'public' })
    const call = async (params: Record<string, string>) =>
      (await gateway.call(method, { ...params, session_key: token }, { app })).text
    const other = await gateway.addUser()
    expect(await call({ uid: String(user.uid) })).to.contain(`"uid":${user.uid},`)
    for (const params of [
      { uid: String(other.uid) },
      { mobile: '13912343333' },
      { account: 'x' },
      { email: 'a@b.cn' },
    ])
      expect(await call(params)).to.equal(signInAgain)
  })
})
