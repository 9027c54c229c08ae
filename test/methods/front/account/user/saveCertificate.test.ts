import { expect } from 'chai'
import { markReviewed } from '../../../../../db/user-certificates.js'
import { done, refusal } from '../../../../answers.js'
import type { TestUser } from '../../../../harness.js'
import { withGateway } from '../../../../suite.js'

const path = '/front/account/user/saveCertificate'
const pending = refusal(0, '已提交，请勿重复提交！', 'CERTIFICATE_PENDING')

const idcard = '11010519491231002X'
const right = {
  user_realname: '张三',
  user_idcard: idcard,
  user_idcard_images: 'https://img.example.com/front.jpg,/upload/back.jpg',
}

withGateway('front.account.user.saveCertificate', (gateway) => {
  before(() => gateway.clock.freeze(Date.UTC(2026, 0, 5, 8)))

  const save = async (user: TestUser, params: Record<string, string>) => {
    const body = new URLSearchParams({ ...params, perm_key: await user.startSession() })
    return gateway.request(path, { method: 'POST', body })
  }
  const infoOf = async (user: TestUser) => {
    const { json } = await gateway.request(`/front/account/user/info?perm_key=${await user.startSession()}`)
    return json?.data as Record<string, unknown>
  }
  const certificateOf = (user: TestUser) =>
    gateway.db('user_certificate').where({ user_id: user.uid }).first()

  it('hands in a certificate, whose number is sealed and shown by its first and last character', async () => {
    const user = await gateway.addUser()
    expect((await save(user, { ...right, user_idcard: ` ${idcard.toLowerCase()} ` })).text).to.equal(done)
    expect(await infoOf(user)).to.include({
      user_is_authentication: 1,
      user_realname: '张三',
      user_idcard: '1****************X',
      user_idcard_images: 'https://img.example.com/front.jpg,/upload/back.jpg',
    })
    const certificate = await certificateOf(user)
    expect(certificate).to.include({ submitted_at: gateway.clock.now(), reviewed_at: null, reviewer_id: 0 })
    expect(gateway.services.vault.open('idcard', certificate?.sealed_idcard ?? '')).to.equal(idcard)
    const rows = [await gateway.db('account_user_info'), await gateway.db('audit_entry')]
    expect(JSON.stringify([rows, certificate, gateway.logLines])).not.to.include(idcard)
  })

  it('needs no picture: who reviews decides whether it is enough', async () => {
    const user = await gateway.addUser()
    const { user_realname, user_idcard } = right
    expect((await save(user, { userRealname: user_realname, userIdcard: user_idcard })).text).to.equal(done)
    expect((await infoOf(user))['user_idcard_image_list']).to.deep.equal([])
  })

  it('refuses what can be no certificate, and keeps nothing of it', async () => {
    const user = await gateway.addUser()
    const refused: Record<string, string>[] = [
      { user_realname: '' },
      { user_realname: '  ' },
      { user_realname: '<b>' },
      { user_realname: '三'.repeat(21) },
      { user_idcard: '' },
      { user_idcard: '110105194912310021' },
      { user_idcard: '110105491231002' },
      { user_idcard: '11010519490231002X' },
      { user_idcard: '1101051949123100２X' },
      { user_idcard: `${idcard}X` },
      { user_idcard_images: 'javascript:alert(1)' },
      { user_idcard_images: '/a.jpg,data:text/html;base64,AAAA' },
      { user_idcard_images: `/${'a'.repeat(1024)}` },
    ]
    for (const wrong of refused) {
      const { json } = await save(user, { ...right, ...wrong })
      expect(json, JSON.stringify(wrong)).to.include({ status: 250, code: 0, error: 'FIELD_REFUSED' })
      expect(JSON.stringify(json)).not.to.include(right.user_idcard)
    }
    expect(await certificateOf(user)).to.equal(undefined)
    expect(await infoOf(user)).to.include({ user_is_authentication: 0, user_idcard: '', user_realname: '' })
  })

  it('refuses another one while the first waits and after it has passed; a failed one is replaced', async () => {
    const user = await gateway.addUser()
    const review = (passed: boolean) =>
      markReviewed(gateway.db, user.uid, { passed, reviewerId: 1, note: '看不清', at: gateway.clock.now() })
    expect((await save(user, right)).text).to.equal(done)
    expect((await save(user, { ...right, user_realname: '李四' })).text).to.equal(pending)
    expect(await review(false)).to.equal(true)
    expect(await infoOf(user)).to.include({ user_is_authentication: 3, user_realname: '张三' })
    expect((await save(user, { ...right, user_realname: '李四' })).text).to.equal(done)
    expect(await certificateOf(user)).to.include({ reviewed_at: null, review_note: '' })
    expect(await review(true)).to.equal(true)
    expect((await save(user, right)).text).to.equal(pending)
    expect(await infoOf(user)).to.include({ user_is_authentication: 2, user_realname: '李四' })
  })

  it('is handed in once by thirty parallel calls', async () => {
    const user = await gateway.addUser()
    const answers = await Promise.all(
      Array.from({ length: 30 }, (_, at) => save(user, { ...right, user_realname: `张${at}` })),
    )
    const texts = answers.map(({ text }) => text)
    expect(texts.filter((text) => text === done)).to.have.length(1)
    expect(texts.filter((text) => text === pending)).to.have.length(29)
    expect((await infoOf(user))['user_realname']).to.equal(`张${texts.indexOf(done)}`)
  })

  it('is the own one, whatever else a call says, and never passes by itself', async () => {
    const [user, other] = [await gateway.addUser({ mobile: '13700000020' }), await gateway.addUser()]
    const forged = {
      userId: String(other.uid),
      userIsAuthentication: '2',
      userState: '2',
      userLevelId: '1003',
      userMobile: '13800000000',
      userEmail: 'evil@example.com',
      userNickname: 'changed',
      userAvatar: '/changed.png',
      userGender: '1',
      userAccount: 'changed',
      password: 'changed password',
    }
    const before = await infoOf(user)
    expect((await save(user, { ...right, ...forged })).text).to.equal(done)
    expect(await infoOf(other)).to.include({ user_is_authentication: 0, user_realname: '' })
    expect(await certificateOf(other)).to.equal(undefined)
    expect(await infoOf(user)).to.deep.equal({
      ...before,
      user_is_authentication: 1,
      user_realname: '张三',
      user_idcard: '1****************X',
      user_idcard_images: right.user_idcard_images,
      user_idcard_image_list: ['https://img.example.com/front.jpg', 'http://passport.test/upload/back.jpg'],
    })
  })

  it('needs a live session, and POST', async () => {
    const body = new URLSearchParams(right)
    expect((await gateway.request(path, { method: 'POST', body })).json?.code).to.equal(401)
    const { status, json } = await gateway.request(`${path}?${body.toString()}`)
    expect([status, json?.['msg']]).to.deep.equal([405, '请求方式不正确'])
  })
})
