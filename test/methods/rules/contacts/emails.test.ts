import { expect } from 'chai'
import { normaliseEmail, readEmail } from '../../../../methods/rules/contacts/emails.js'
import { emailMalformed, refusal, succeeded, tryLater } from '../../../answers.js'
import { onEachDatabase } from '../../../servers/databases.js'
import { startSmtp } from '../../../servers/smtp.js'
import { prepared, useGateway, withGateway } from '../../../suite.js'

/** Spellings of one mailbox that mailers write to alike. */
const spellings = [
  'a@example.com',
  'A@EXAMPLE.com',
  'a@ｅxample.com',
  'a@exam\u00ADple.com',
  'a@exam\u200Bple.com',
  'a\u200B@example.com',
  '  a@example.com ',
]

const refused = [
  'x@[127.0.0.1]',
  'x@[IPv6:::1]',
  'x@127.0.0.1',
  'x@１２７.0.0.1',
  'x@0x7f.1',
  'x@2130706433',
  'x@exam%70le.com',
  'x@example.com/..',
  'x@example.com#.b',
  'x@example',
  'x@example.1',
  '\u200B@example.com',
  'x@a..example.com',
]

describe('an e-mail address', () => {
  it('is one, however its mailbox and its domain are spelt', () => {
    for (const text of spellings) expect(readEmail(text), JSON.stringify(text)).to.equal('a@example.com')
    const international = 'a@bücher.example'
    for (const text of [
      international,
      'a@xn--bcher-kva.example',
      'a@BÜCHER.example',
      'a@bu\u0308cher.example',
      'a@XN--BCHER-KVA.Example',
    ])
      expect(readEmail(text), text).to.equal(international)
    expect(readEmail('cafe\u0301@example.com')).to.equal('café@example.com')
    expect(readEmail('a@mail.example。com')).to.equal('a@mail.example.com')
  })

  it('names a domain, not a machine, and nothing that a parser would read otherwise', () => {
    for (const text of refused) expect(readEmail(text), text).to.equal(undefined)
  })

  it('is as long as the column at most, in its one spelling too', () => {
    expect(readEmail(`${'a'.repeat(38)}@example.com`)).to.have.length(50)
    expect(readEmail(`${'a'.repeat(39)}@example.com`)).to.equal(undefined)
    expect(readEmail(`${'a'.repeat(36)}@℡℡.example.com`)).to.equal(undefined)
  })

  it('of an old row that is none stays, in lower case', () => {
    expect(normaliseEmail('X@[127.0.0.1]')).to.equal('x@[127.0.0.1]')
    expect(normaliseEmail('Nobody')).to.equal('nobody')
  })
})

withGateway('e-mail addresses spelt otherwise', (gateway) => {
  const captcha = async (email: string) =>
    (await gateway.request(`/front/sys/captcha/email?${new URLSearchParams({ email }).toString()}`)).text

  it('have one gap between codes', async () => {
    expect(await captcha('gap@example.com')).to.contain('"code":0,"msg":"操作成功"')
    for (const email of ['gap@ｅxample.com', 'gap@exam\u00ADple.com', 'ga\u200Bp@example.com'])
      expect(await captcha(email), email).to.contain('SEND_REFUSED')
    expect(await gateway.sentTo('gap@example.com')).to.have.length(1)
  })

  it('have one owner', async () => {
    await gateway.addUser({ email: 'owner@example.com' })
    const { uid } = await gateway.addUser()
    for (const email of ['owner@ｅxample.com', 'owner@exam\u00ADple.com', 'OWNER@example.com']) {
      const params = { uid: String(uid), email }
      expect((await gateway.call('web.passport.checkVerifyEmail', params)).json?.code, email).to.equal(404)
      expect((await gateway.call('web.passport.verifyEmail', params)).json?.code, email).to.equal(404)
    }
  })

  it('sign their owner in', async () => {
    await gateway.addUser({ email: 'sign-in@bücher.example', password: 'right password' })
    for (const user_account of ['sign-in@xn--bcher-kva.example', 'SIGN-IN@BÜCHER.example']) {
      const query = new URLSearchParams({ user_account, password: 'right password' })
      const { json } = await gateway.request(`/front/account/login/login?${query.toString()}`)
      expect(json?.code, user_account).to.equal(0)
    }
  })

  it('of a machine are refused on every wire', async () => {
    const email = 'x@[127.0.0.1]'
    const { uid } = await gateway.addUser()
    for (const method of ['checkVerifyEmail', 'verifyEmail', 'sendVerifyEmailInfo'])
      expect((await gateway.call(`web.passport.${method}`, { uid: String(uid), email })).text).to.equal(
        emailMalformed,
      )
    expect((await gateway.call('app.register.backpwdByEmail', { email })).text).to.equal(emailMalformed)
    expect(await captcha(email)).to.equal(refusal(0, 'Email不准确！', 'SEND_EMAIL_FORM'))
  })

  it('claimed without proof are mailed no way into an account', async () => {
    await gateway.addUser({ email: 'claimed@example.com', verified: false })
    const { text } = await gateway.call('app.register.backpwdByEmail', { email: 'claimed@example.com' })
    expect(text).to.equal('{"code":200,"data":[],"message":"发送成功！"}')
    expect(await gateway.sentTo('claimed@example.com')).to.deep.equal([])
  })

  it('have a budget of recovery mails that codes do not use up', async () => {
    await gateway.addUser({ email: 'recover@example.com' })
    expect(await captcha('recover@example.com')).to.contain('"code":0,"msg":"操作成功"')
    await gateway.call('app.register.backpwdByEmail', { email: 'recover@example.com' })
    const mails = await gateway.sentTo('recover@example.com')
    expect(mails.filter(({ text }) => text.includes('/reset-password'))).to.have.length(1)
    const params = { uid: String((await gateway.addUser()).uid), email: 'free@example.com' }
    expect((await gateway.call('web.passport.verifyEmail', params)).text).to.equal(succeeded)
    expect((await gateway.call('web.passport.verifyEmail', params)).text).to.equal(tryLater)
  })
})

onEachDatabase('a mail to an international domain', (database) => {
  const smtp = prepared(before, () => startSmtp())
  const gateway = useGateway(database, () => ({ SMTP_URL: smtp.url }))
  after(() => smtp.stop())

  it('is written to the domain that is counted', async () => {
    const query = new URLSearchParams({ email: 'a@BÜCHER.example' })
    expect((await gateway.request(`/front/sys/captcha/email?${query.toString()}`)).json?.code).to.equal(0)
    expect(smtp.messages.map(({ to }) => to)).to.deep.equal([['a@xn--bcher-kva.example']])
  })
})
