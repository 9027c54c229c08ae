import { expect } from 'chai'
import { emailInUse, emailMalformed, paramError, succeeded, uidMissing } from '../../../answers.js'
import { withGateway } from '../../../suite.js'

const method = 'web.passport.checkVerifyEmail'

withGateway(method, (gateway) => {
  it('finds an address free that nobody has', async () => {
    const { uid } = await gateway.addUser()
    const { status, text } = await gateway.call(method, { uid: String(uid), email: 'free@example.com' })
    expect(status).to.equal(200)
    expect(text).to.equal(succeeded)
    expect(await gateway.sentTo('free@example.com')).to.deep.equal([])
  })

  it("finds the user's own verified address free", async () => {
    const { uid } = await gateway.addUser({ email: 'own@example.com' })
    expect((await gateway.call(method, { uid: String(uid), email: 'own@example.com' })).text).to.equal(
      succeeded,
    )
  })

  it('finds an address free that another user has claimed but never verified', async () => {
    await gateway.addUser({ email: 'claimed@example.com', verified: false })
    const { uid } = await gateway.addUser()
    const params = { uid: String(uid), email: 'claimed@example.com' }
    expect((await gateway.call(method, params)).text).to.equal(succeeded)
  })

  it('refuses an address that another user has verified, in whatever case it is written', async () => {
    await gateway.addUser({ email: 'taken@example.com' })
    const { uid } = await gateway.addUser()
    for (const email of ['taken@example.com', 'TAKEN@Example.COM']) {
      const { status, text } = await gateway.call(method, { uid: String(uid), email })
      expect(status).to.equal(200)
      expect(text, email).to.equal(emailInUse)
    }
  })

  it('refuses what has not the form of an address', async () => {
    const wrong = [
      '',
      't',
      't@',
      '@163.com',
      't@163',
      't@@163.com',
      't t@163.com',
      't@163.com ',
      't@163.com\r\nBcc: a@example.com',
      't@163..com',
      't@.163.com',
      '<t@163.com>',
      't@163.com,u@163.com',
      `${'t'.repeat(65)}@163.com`,
      `t@${'1'.repeat(250)}.com`,
    ]
    const { uid } = await gateway.addUser()
    for (const email of wrong)
      expect((await gateway.call(method, { uid: String(uid), email })).text, email).to.equal(emailMalformed)
    expect((await gateway.call(method, { uid: String(uid) })).text, 'missing').to.equal(emailMalformed)
  })

  it('takes addresses of unusual but right form', async () => {
    const { uid } = await gateway.addUser()
    for (const email of ['a+b.c_d@mail.example.co.uk', "o'brien@example.com", '张三@例子.中国', '1@2.cn'])
      expect((await gateway.call(method, { uid: String(uid), email })).text, email).to.equal(succeeded)
  })

  it('refuses a missing uid and one that is not digits only', async () => {
    const wrong = [{}, { uid: '' }, { uid: 'abc' }, { uid: '-1' }]
    for (const params of wrong)
      expect((await gateway.call(method, { ...params, email: 'free@example.com' })).text).to.equal(uidMissing)
  })

  it('takes callback for a page, not for JSONP', async () => {
    const { uid } = await gateway.addUser()
    const params = { uid: String(uid), email: 'free@example.com', return_type: 'jsonp' }
    const page = await gateway.call(method, { ...params, callback: 'https://www.example.com/verified' })
    expect(page.headers.get('content-type')).to.equal('application/json;charset=UTF-8')
    expect(page.text).to.equal(succeeded)
    const script = await gateway.call(method, { ...params, callback: 'show' })
    expect(script.headers.get('content-type')).to.equal('application/json;charset=UTF-8')
    expect(script.text).to.equal(paramError)
  })

  it('refuses a callback on a host that is not configured', async () => {
    const { uid } = await gateway.addUser()
    const params = { uid: String(uid), email: 'free@example.com', callback: 'https://evil.example/' }
    expect((await gateway.call(method, params)).text).to.equal(paramError)
  })
})
