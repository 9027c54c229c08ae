import { expect } from 'chai'
import { failed } from '../../../../answers.js'
import { withConsole } from '../suite.js'

interface Obstacle {
  readonly kind: string
  readonly way: string
  readonly count: number
  readonly until: number | null
  readonly detail: string
}

const env = { SMS_COUNTRIES: 'CN,HK', CODE_GAP: '0', CODE_PER_NUMBER_HOUR: '2', CODE_LENGTH: '6' }

withConsole('manage.console.user.get', env, ({ gateway, admin, ask, send, entries, isOfTheConsole }) => {
  const owner = (mobile: string) =>
    gateway.addUser({ nickname: '张三', mobile, email: `${mobile}@example.com` })
  const obstaclesOf = async (uid: number) => (await ask({ user_id: uid }))['obstacles'] as Obstacle[]
  const kindsOf = async (uid: number) =>
    (await obstaclesOf(uid)).map(({ kind, way }) => `${kind} ${way}`.trim())
  const signIn = (account: string, password: string, headers: Record<string, string> = {}) =>
    gateway.request('/front/account/login/login', {
      method: 'POST',
      body: new URLSearchParams({ user_account: account, password }),
      headers,
    })

  it('shows all that is known, and no secret', async () => {
    const user = await owner('13910000001')
    const token = await user.startSession()
    await signIn('13910000001', user.password)
    await gateway.services.signInRecords.flush()
    const page = await ask({ user_id: user.uid })
    expect(page['user']).to.deep.include({
      user_id: user.uid,
      user_nickname: '张三',
      user_state: 1,
      role_name: null,
    })
    expect(page['password']).to.deep.equal({ kind: 'argon2id', is_usable: true })
    expect(page['addresses']).to.have.length(2)
    expect(page['sessions']).to.have.length(2)
    expect(page['obstacles']).to.deep.equal([])
    const text = JSON.stringify(page)
    for (const secret of [token, '$argon2', 'user_password', 'user_salt']) expect(text).not.to.include(secret)
  })

  it('notes who looked, and at whom; nothing where there is nobody', async () => {
    const user = await owner('13910000002')
    await ask({ user_id: user.uid })
    expect((await send({ user_id: 404_404 })).text).to.equal(failed)
    const noted = (await entries()).filter(({ target_id }) => target_id === user.uid)
    expect(noted).to.deep.equal([{ actor_id: admin.uid, target_id: user.uid, detail: '' }])
    expect((await entries()).some(({ target_id }) => target_id === 404_404)).to.equal(false)
  })

  it('says that the user is locked', async () => {
    const user = await owner('13910000003')
    await gateway.db('account_user_base').where({ user_id: user.uid }).update({ user_locked: 1 })
    expect(await kindsOf(user.uid)).to.deep.equal(['locked'])
  })

  it('counts wrong passwords, and tells until when they pause the right one', async () => {
    const user = await owner('13910000004')
    await signIn('13910000004', 'a wrong one')
    expect(await kindsOf(user.uid)).to.deep.equal(['wrong-passwords mobile'])
    await gateway.db('login_failure').update({ failures: 9 })
    await signIn('13910000004', 'a wrong one')
    const [paused] = await obstaclesOf(user.uid)
    expect(paused).to.include({ kind: 'password-paused', way: 'mobile', count: 10 })
    expect(paused?.until).to.be.above(gateway.clock.now())
    const { failures } = await ask({ user_id: user.uid })
    expect(failures).to.deep.equal([{ way: 'mobile', network: '', count: 10, paused_until: paused?.until }])
  })

  it('does not count those of a user whose id begins alike', async () => {
    const user = await owner('13910000005')
    const row = { failures: 7, blocked_until: 0, expires_at: gateway.clock.now() + 60_000 }
    for (const subject of [`${user.uid}0/mobile`, `${user.uid}1`, `own:${user.uid}2`, `1${user.uid}/email`])
      await gateway.db('login_failure').insert({ ...row, subject })
    expect(await kindsOf(user.uid)).to.deep.equal([])
    for (const subject of [`${user.uid}`, `own:${user.uid}`, `${user.uid}/email|203.0.113.7`])
      await gateway.db('login_failure').insert({ ...row, subject })
    const found = await obstaclesOf(user.uid)
    expect(found.map(({ way, detail }) => [way, detail])).to.have.deep.members([
      ['email', '203.0.113.7'],
      ['id', ''],
      ['own', ''],
    ])
    await gateway.db('login_failure').delete()
  })

  it('tells of codes: sent as often as allowed, tried wrongly too often', async () => {
    const user = await owner('13910000006')
    const mobile = '13910000006'
    for (let at = 0; at < 2; at++) await gateway.call('web.passport.sendcode', { area: '86', mobile })
    for (let at = 0; at < 5; at++)
      await gateway.call('web.passport.checkcode', { area: '86', mobile, code: '000000' })
    expect(await kindsOf(user.uid)).to.deep.equal(['sends-spent mobile', 'code-dead mobile'])
    for (let at = 0; at < 5; at++) {
      await gateway.db('sent_code').update({ wrong_tries: 0 })
      await gateway.call('web.passport.checkcode', { area: '86', mobile, code: '000000' })
    }
    expect(await kindsOf(user.uid)).to.deep.equal(['sends-spent mobile', 'tries-spent mobile'])
    const { limits, codes } = await ask({ user_id: user.uid })
    const counted = (limits as { what: string; used: number; points: number }[]).map(
      ({ what, used, points }) => [what, used, points],
    )
    expect(counted).to.deep.include.members([
      ['code-hour', 2, 2],
      ['tries', 10, 10],
    ])
    expect(codes).to.have.length(1)
  })

  it('tells of numbers that are not texted, not proved, or another’s, and of no way at all', async () => {
    const abroad = await gateway.addUser()
    await gateway
      .db('account_user_info')
      .where({ user_id: abroad.uid })
      .update({ user_intl: '+44', user_mobile: '7400123456' })
    expect(await kindsOf(abroad.uid)).to.include('not-texted mobile')
    const claimant = await gateway.addUser({ mobile: '13910000007', verified: false })
    expect(await kindsOf(claimant.uid)).to.deep.equal(['address-unproved mobile'])
    const robbed = await gateway.addUser()
    const thief = await owner('13910000008')
    await gateway
      .db('account_user_info')
      .where({ user_id: robbed.uid })
      .update({ user_mobile: '13910000008' })
    expect((await obstaclesOf(robbed.uid))[0]).to.include({
      kind: 'address-of-another',
      way: 'mobile',
      detail: String(thief.uid),
    })
    const bare = await gateway.addUser()
    await gateway.db('account_user_base').where({ user_id: bare.uid }).update({ user_password: '' })
    expect(await kindsOf(bare.uid)).to.deep.equal(['no-way', 'no-password'])
  })

  it('shows the refused tries of the audit, and whether their address is blocked', async () => {
    const user = await owner('13910000009')
    await signIn('13910000009', 'a wrong one')
    await gateway.services.signInRecords.flush()
    const before = await ask({ user_id: user.uid })
    const refusals = before['refusals'] as { outcome: string }[]
    expect(refusals.map(({ outcome }) => outcome)).to.deep.equal(['PASSWORD_WRONG'])
    const ip = '203.0.113.9'
    await gateway.db('audit_entry').where({ target_id: user.uid, outcome: 'PASSWORD_WRONG' }).update({ ip })
    const { ipBlocks } = gateway.services
    const isBlocked = ipBlocks.isBlocked.bind(ipBlocks)
    Object.assign(ipBlocks, { isBlocked: (asked: string) => asked === ip })
    const after = await obstaclesOf(user.uid).finally(() => Object.assign(ipBlocks, { isBlocked }))
    expect(after.at(-1)).to.include({ kind: 'address-blocked', detail: ip })
  })

  it('shows a certificate with pictures to be opened, its number masked', async () => {
    const user = await owner('13910000010')
    await gateway.db('account_user_info').where({ user_id: user.uid }).update({
      user_realname: '张三',
      user_idcard: '110101199003070134',
      user_idcard_images: 'https://img.example.com/2.png',
      user_is_authentication: 1,
    })
    const { certificate } = await ask({ user_id: user.uid })
    expect(certificate).to.deep.include({
      state: 1,
      realname: '张三',
      idcard: '1****************4',
      pictures: [{ address: 'https://img.example.com/2.png', is_upload: false }],
    })
  })

  it('shows a user of an imported table who has no other rows yet', async () => {
    const user = await gateway.addUser()
    await gateway.db('account_user_info').where({ user_id: user.uid }).delete()
    expect((await ask({ user_id: user.uid }))['user']).to.include({ user_nickname: '', user_state: 1 })
  })

  isOfTheConsole({ user_id: 1 })
})
