import { expect } from 'chai'
import { signInAgain, uidMissing, userNotExists } from '../../../answers.js'
import { prepared, withGateway } from '../../../suite.js'

const method = 'web.passport.getUserVerifyInfo'

withGateway(method, (gateway) => {
  it('answers both addresses and since when each is verified', async () => {
    const { uid } = await gateway.addUser({ mobile: '13912345678', email: '123abc@139.com' })
    const verified = gateway.db('user_identity').where({ user_id: uid })
    await verified.clone().where({ kind: 'mobile' }).update({ verified_at: 1447395275_000 })
    await verified.clone().where({ kind: 'email' }).update({ verified_at: 1451577600_999 })
    const { status, text } = await gateway.call(method, { uid: String(uid) })
    expect(status).to.equal(200)
    expect(text).to.equal(
      '{"code":200,"data":{"email":"123abc@139.com","emailVerify":"Y","emailVerifyTime":"2016-01-01 00:00:00",' +
        '"mobile":"13912345678","mobileVerify":"Y","mobileVerifyTime":"2015-11-13 14:14:35",' +
        `"uid":${uid}},"message":"操作成功"}`,
    )
  })

  it('answers N and no time for what is not verified', async () => {
    const { uid } = await gateway.addUser({ mobile: '13912345679', email: 'n@example.com', verified: false })
    expect((await gateway.call(method, { uid: String(uid) })).json?.data).to.deep.equal({
      email: 'n@example.com',
      emailVerify: 'N',
      emailVerifyTime: '',
      mobile: '13912345679',
      mobileVerify: 'N',
      mobileVerifyTime: '',
      uid,
    })
  })

  it('answers empty texts for a user without addresses, even one with no row but the account', async () => {
    const { uid } = await gateway.addUser()
    const empty = {
      email: '',
      emailVerify: 'N',
      emailVerifyTime: '',
      mobile: '',
      mobileVerify: 'N',
      mobileVerifyTime: '',
      uid,
    }
    expect((await gateway.call(method, { uid: String(uid) })).json?.data).to.deep.equal(empty)
    await gateway.db('account_user_info').where({ user_id: uid }).delete()
    expect((await gateway.call(method, { uid: String(uid) })).json?.data).to.deep.equal(empty)
  })

  it('writes a number from abroad as area-number', async () => {
    const { uid } = await gateway.addUser()
    const info = gateway.db('account_user_info').where({ user_id: uid })
    await info.update({ user_intl: '+852', user_mobile: '61234567' })
    expect((await gateway.call(method, { uid: String(uid) })).json?.data).to.include({
      mobile: '852-61234567',
      mobileVerify: 'N',
    })
  })

  it('refuses a uid that is not digits only', async () => {
    const wrong = [
      'abc',
      '-1',
      '1.0',
      '0x10',
      ' 12',
      '12 ',
      '1e3',
      '１２',
      '9007199254740993',
      '9'.repeat(40),
    ]
    for (const uid of wrong) expect((await gateway.call(method, { uid })).text, uid).to.equal(uidMissing)
    expect((await gateway.call(method, { uid: '' })).text, 'empty').to.equal(uidMissing)
    expect((await gateway.call(method)).text, 'missing').to.equal(uidMissing)
  })

  it('knows no user of another number', async () => {
    for (const uid of ['0', '99999999', '9007199254740991']) {
      const { status, text } = await gateway.call(method, { uid })
      expect(status).to.equal(200)
      expect(text, uid).to.equal(userNotExists)
    }
  })

  describe('called by a public application', () => {
    const publicApp = prepared(before, () => gateway.addApp({ trust: 'public' }))

    it('wants a live session of that very user', async () => {
      const user = await gateway.addUser()
      const stranger = await gateway.addUser()
      const uid = String(user.uid)
      const ended = await user.startSession()
      const { tokenId } = await gateway.services.sessions.verify(ended)
      await gateway.services.sessions.end(gateway.db, tokenId)
      gateway.services.sessions.forgetToken(tokenId)
      const useless = ['', 'null', 'forged', ended, await stranger.startSession()]
      for (const session_key of useless) {
        const { status, text } = await gateway.call(method, { uid, session_key }, { app: publicApp })
        expect(status).to.equal(200)
        expect(text, session_key).to.equal(signInAgain)
      }
      expect((await gateway.call(method, { uid }, { app: publicApp })).text).to.equal(signInAgain)
    })

    it('takes the session from session_key, access_token, perm_key or the header Authorization', async () => {
      const user = await gateway.addUser()
      const token = await user.startSession()
      const uid = String(user.uid)
      for (const name of ['session_key', 'access_token', 'perm_key']) {
        const { json } = await gateway.call(method, { uid, [name]: token }, { app: publicApp })
        expect(json?.code, name).to.equal(200)
      }
      for (const header of [token, `Bearer ${token}`]) {
        const headers = { Authorization: header }
        expect((await gateway.call(method, { uid }, { app: publicApp, headers })).json?.code).to.equal(200)
      }
    })

    it('holds every other method with a uid to that rule too', async () => {
      const { uid } = await gateway.addUser()
      const checked: string[] = []
      for (const { name, auth, trust, contract } of gateway.gateway.table.byName.values()) {
        const { properties } = contract.document
        if (auth !== 'app' || trust === 'server' || properties['uid'] === undefined) continue
        const examples = Object.entries(properties).map(([key, { examples }]) => [key, examples?.[0] ?? ''])
        const params = { ...Object.fromEntries(examples), uid: String(uid) } as Record<string, string>
        expect((await gateway.call(name, params, { app: publicApp })).text, name).to.equal(signInAgain)
        checked.push(name)
      }
      expect(checked).to.include.members(['web.passport.getUserContacts', 'open.passport.get', method])
    })

    it('says that a uid is missing before it says that a session is', async () => {
      expect((await gateway.call(method, {}, { app: publicApp })).text).to.equal(uidMissing)
    })
  })
})
