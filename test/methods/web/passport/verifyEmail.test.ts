import { expect } from 'chai'
import {
  emailInUse,
  emailMalformed,
  paramError,
  sendFailed,
  succeeded,
  tryLater,
  uidMissing,
  userNotExists,
} from '../../../answers.js'
import { onEachDatabase } from '../../../servers/databases.js'
import { startSmtp } from '../../../servers/smtp.js'
import { prepared, useGateway, withGateway } from '../../../suite.js'

const method = 'web.passport.verifyEmail'

withGateway(method, (gateway) => {
  let uid: string
  before(async () => {
    uid = String((await gateway.addUser()).uid)
  })

  const verify = (params: Record<string, string>) => gateway.call(method, { uid, ...params })
  const linkTo = async (email: string) =>
    /https?:\S+/.exec((await gateway.sentTo(email))[0]?.text ?? '')?.[0] ?? ''

  it('mails a link to the hosted page, whose token verifies the address', async () => {
    expect(await verify({ email: 't@163.com' })).to.include({ status: 200, text: succeeded })
    expect(await linkTo('t@163.com')).to.match(/^http:\/\/passport\.test\/verify-email\?code=[\w-]+$/)
    const code = await gateway.lastMailToken('t@163.com')
    expect((await gateway.call('web.passport.changeEmail', { code })).text).to.equal(succeeded)
    const { json } = await gateway.call('web.passport.getUserVerifyInfo', { uid })
    expect(json?.data).to.include({ email: 't@163.com', emailVerify: 'Y' })
  })

  it('stores nothing before the link is used', async () => {
    await verify({ email: 'later@example.com' })
    const { json } = await gateway.call('web.passport.getUserVerifyInfo', { uid })
    expect(json?.data).to.not.include({ email: 'later@example.com' })
  })

  it('mails a link to the callback page of a configured host, with its query kept', async () => {
    const pages = {
      'https://www.example.com/verified?from=mail':
        /^https:\/\/www\.example\.com\/verified\?from=mail&code=[\w-]+$/,
      'http://WWW.Example.com': /^http:\/\/www\.example\.com\/\?code=[\w-]+$/,
      'http://passport.test/own': /^http:\/\/passport\.test\/own\?code=[\w-]+$/,
      'https://www.example.com/?code=old#top': /^https:\/\/www\.example\.com\/\?code=[\w-]{100,}#top$/,
      '': /^http:\/\/passport\.test\/verify-email\?code=[\w-]+$/,
    }
    for (const [at, [callback, link]] of Object.entries(pages).entries()) {
      const email = `callback-${at}@example.com`
      expect((await verify({ email, callback })).text, callback).to.equal(succeeded)
      expect(await linkTo(email)).to.match(link)
    }
  })

  it('refuses every other callback and sends nothing', async () => {
    const refused = [
      'https://evil.example/',
      'https://www.example.com.evil.example/',
      'https://www.example.com@evil.example/',
      'https://evil.example\\@www.example.com/',
      'https://evil.example#www.example.com',
      'https://user@www.example.com/',
      'https://www.example.com:8443/',
      'https://sub.www.example.com/',
      'ftp://www.example.com/',
      'javascript:alert(1)//www.example.com',
      '//www.example.com/',
      'www.example.com',
      'show',
    ]
    const email = 'refused@example.com'
    for (const callback of refused)
      expect((await verify({ email, callback })).text, callback).to.equal(paramError)
    expect(await gateway.sentTo(email)).to.deep.equal([])
  })

  it('checks the uid, then the form of the address, then whether it is free, then the user', async () => {
    await gateway.addUser({ email: 'taken@example.com' })
    expect((await verify({ uid: 'x', email: 'wrong' })).text).to.equal(uidMissing)
    expect((await verify({ uid: '', email: 'taken@example.com' })).text).to.equal(uidMissing)
    for (const email of ['wrong', '', 't@163.com\nBcc: all@example.com'])
      expect((await verify({ uid: '99999999', email })).text, email).to.equal(emailMalformed)
    expect((await verify({})).text, 'missing').to.equal(emailMalformed)
    const taken = await verify({ uid: '99999999', email: 'Taken@example.com' })
    expect(taken.text).to.equal(emailInUse)
    const unknown = await verify({ uid: '99999999', email: 'free@example.com' })
    expect(unknown.text).to.equal(userNotExists)
    expect(await gateway.sentTo('taken@example.com')).to.deep.equal([])
    expect(await gateway.sentTo('free@example.com')).to.deep.equal([])
  })

  it('mails an address once a minute, whoever asks and however it is written', async () => {
    const other = String((await gateway.addUser()).uid)
    expect((await verify({ email: 'often@example.com' })).text).to.equal(succeeded)
    const { status, headers, text } = await verify({ uid: other, email: 'OFTEN@example.com' })
    expect(status).to.equal(200)
    expect(text).to.equal(tryLater)
    expect(Number(headers.get('retry-after'))).to.be.within(1, 60)
    expect((await verify({ email: 'another@example.com' })).text).to.equal(succeeded)
    gateway.clock.advance(60_000)
    expect((await verify({ uid: other, email: 'often@example.com' })).text).to.equal(succeeded)
    expect(await gateway.sentTo('often@example.com')).to.have.length(2)
  })

  it('mails an address five times an hour and ten times a day', async () => {
    const email = 'daily@example.com'
    const codes: (number | undefined)[] = []
    for (let hour = 0; hour < 3; hour++) {
      for (let minute = 0; minute < 6; minute++) {
        codes.push((await verify({ email })).json?.code)
        gateway.clock.advance(60_000)
      }
      gateway.clock.advance(3_600_000)
    }
    const five = [200, 200, 200, 200, 200]
    expect(codes).to.deep.equal([...five, 9999991, ...five, ...Array(7).fill(9999991)])
    expect(await gateway.sentTo(email)).to.have.length(10)
  })
})

onEachDatabase(`${method} over SMTP`, (database) => {
  let uid: string
  const smtp = prepared(before, () => startSmtp())
  const gateway = useGateway(database, () => ({ SMTP_URL: smtp.url, CODE_PER_NUMBER_HOUR: '1' }))
  before(async () => {
    uid = String((await gateway.addUser()).uid)
  })
  after(() => smtp.stop())
  beforeEach(() => smtp.clear())

  it('answers when the mail server has the mail', async () => {
    expect((await gateway.call(method, { uid, email: 'smtp@example.com' })).text).to.equal(succeeded)
    expect(smtp.messages.map(({ to }) => to)).to.deep.equal([['smtp@example.com']])
  })

  it('tells the caller when the mail server refuses the mail', async () => {
    for (const refuse of [true, 550]) {
      smtp.refuse = refuse
      const { status, text } = await gateway.call(method, { uid, email: `refused-${refuse}@example.com` })
      expect(status).to.equal(200)
      expect(text).to.equal(sendFailed)
    }
    smtp.refuse = false
    expect(smtp.messages).to.deep.equal([])
  })

  it('tells the caller when the mail server is down, and mails again when it is back', async () => {
    await smtp.stop()
    expect((await gateway.call(method, { uid, email: 'down@example.com' })).text).to.equal(sendFailed)
    await smtp.start()
    gateway.clock.advance(60_000)
    expect((await gateway.call(method, { uid, email: 'down@example.com' })).text).to.equal(succeeded)
  })

  it('counts a failed mail for the minute but not for the hour', async () => {
    const email = 'failed@example.com'
    smtp.refuse = true
    expect((await gateway.call(method, { uid, email })).text).to.equal(sendFailed)
    smtp.refuse = false
    expect((await gateway.call(method, { uid, email })).text).to.equal(tryLater)
    gateway.clock.advance(60_000)
    expect((await gateway.call(method, { uid, email })).text).to.equal(succeeded)
    gateway.clock.advance(60_000)
    expect((await gateway.call(method, { uid, email })).text).to.equal(tryLater)
    expect(smtp.messages).to.have.length(1)
  })
})
