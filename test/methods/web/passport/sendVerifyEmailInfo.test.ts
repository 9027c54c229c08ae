import { expect } from 'chai'
import { emailMalformed, paramError, succeeded, tryLater } from '../../../answers.js'
import { onEachDatabase } from '../../../servers/databases.js'
import { startSmtp } from '../../../servers/smtp.js'
import { prepared, useGateway, withGateway } from '../../../suite.js'

const method = 'web.passport.sendVerifyEmailInfo'

withGateway(method, (gateway) => {
  const send = (params: Record<string, string>) => gateway.call(method, params)
  const mailsSent = async () => {
    await gateway.services.queue.runDue()
    return (await gateway.db('outbox_message').select('address')).length
  }

  it('mails a known, unverified address a link that verifies it', async () => {
    const { uid } = await gateway.addUser({ email: 'known@example.com', verified: false })
    expect(await send({ email: 'known@example.com' })).to.include({ status: 200, text: succeeded })
    const [mail] = await gateway.sentTo('known@example.com')
    expect(mail?.text).to.match(/http:\/\/passport\.test\/verify-email\?code=[\w-]+\n/)
    const code = await gateway.lastMailToken('known@example.com')
    expect((await gateway.call('web.passport.changeEmail', { code })).text).to.equal(succeeded)
    const { json } = await gateway.call('web.passport.getUserVerifyInfo', { uid: String(uid) })
    expect(json?.data).to.include({ email: 'known@example.com', emailVerify: 'Y' })
  })

  it('mails an address that is written in another case than it is stored in', async () => {
    await gateway.addUser({ email: 'Mixed@Example.com', verified: false })
    expect((await send({ email: 'mIXED@example.COM' })).text).to.equal(succeeded)
    expect(await gateway.sentTo('mixed@example.com')).to.have.length(1)
  })

  it('answers the same for an unknown address and for a verified one, and mails them nothing', async () => {
    await gateway.addUser({ email: 'unverified@example.com', verified: false })
    await gateway.addUser({ email: 'verified@example.com' })
    const known = await send({ email: 'unverified@example.com' })
    const before = await mailsSent()
    for (const email of ['unknown@example.com', 'verified@example.com']) {
      const answer = await send({ email })
      expect(answer.status).to.equal(known.status)
      expect(answer.text).to.equal(known.text)
      expect([...answer.headers.keys()]).to.deep.equal([...known.headers.keys()])
    }
    expect(await mailsSent()).to.equal(before)
  })

  it('does the same work for known and unknown addresses, and leaves the rest to the queue', async () => {
    await gateway.services.queue.stop()
    await gateway.addUser({ email: 'work@example.com', verified: false })
    for (const email of ['work@example.com', 'no-work@example.com']) await send({ email })
    const jobs = await gateway.db('delivery_job').orderBy('job_id').select('template', 'payload', 'attempts')
    expect(jobs).to.deep.equal([
      { template: 'verification-mail', payload: '{"email":"work@example.com"}', attempts: 0 },
      { template: 'verification-mail', payload: '{"email":"no-work@example.com"}', attempts: 0 },
    ])
    await mailsSent()
  })

  it('mails an address once a minute and says nothing of it', async () => {
    await gateway.addUser({ email: 'silent@example.com', verified: false })
    for (const email of ['silent@example.com', 'SILENT@example.com', 'unknown@example.com'])
      for (let time = 0; time < 2; time++) expect((await send({ email })).text).to.equal(succeeded)
    expect(await gateway.sentTo('silent@example.com')).to.have.length(1)
    gateway.clock.advance(60_000)
    expect((await send({ email: 'silent@example.com' })).text).to.equal(succeeded)
    expect(await gateway.sentTo('silent@example.com')).to.have.length(2)
  })

  it('shares the limits of an address with verifyEmail', async () => {
    const { uid } = await gateway.addUser({ email: 'shared@example.com', verified: false })
    await send({ email: 'shared@example.com' })
    const verify = await gateway.call('web.passport.verifyEmail', {
      uid: String(uid),
      email: 'shared@example.com',
    })
    expect(verify.json?.code).to.equal(9999991)
  })

  it('opens the callback page of a configured host, and refuses every other for every address', async () => {
    await gateway.addUser({ email: 'page@example.com', verified: false })
    for (const callback of ['https://evil.example/', 'javascript:alert(1)', 'www.example.com'])
      for (const email of ['page@example.com', 'unknown@example.com'])
        expect((await send({ email, callback })).text, callback).to.equal(paramError)
    expect(await gateway.sentTo('page@example.com')).to.deep.equal([])
    const callback = 'https://www.example.com/verified'
    expect((await send({ email: 'page@example.com', callback })).text).to.equal(succeeded)
    const [mail] = await gateway.sentTo('page@example.com')
    expect(mail?.text).to.match(/^https:\/\/www\.example\.com\/verified\?code=[\w-]+$/m)
  })

  it('takes callback for a page, not for JSONP', async () => {
    const params = { email: 'unknown@example.com', return_type: 'jsonp', callback: 'show' }
    const { headers, text } = await send(params)
    expect(headers.get('content-type')).to.equal('application/json;charset=UTF-8')
    expect(text).to.equal(paramError)
  })

  it('refuses what has not the form of an address', async () => {
    for (const email of ['', 'unknown', 'unknown@example', 'a@example.com,b@example.com'])
      expect((await send({ email })).text, email).to.equal(emailMalformed)
    expect((await send({})).text, 'missing').to.equal(emailMalformed)
  })
})

const twicePerAddress = { LIMIT_IP_SCALE: '1', CODE_PER_IP_HOUR: '2' }

withGateway(`${method}, for a caller's address`, twicePerAddress, (gateway) => {
  it('holds the caller to the hourly share openly, as that tells nothing of an address', async () => {
    const answers: string[] = []
    for (const email of ['one@example.com', 'two@example.com', 'three@example.com'])
      answers.push((await gateway.call(method, { email })).text)
    expect(answers).to.deep.equal([succeeded, succeeded, tryLater])
    gateway.clock.advance(3_600_000)
    expect((await gateway.call(method, { email: 'three@example.com' })).text).to.equal(succeeded)
  })
})

onEachDatabase(`${method} over SMTP`, (database) => {
  const smtp = prepared(before, () => startSmtp())
  const gateway = useGateway(database, () => ({ SMTP_URL: smtp.url }))
  after(() => smtp.stop())

  it('answers success while the mail server is down, and mails when it is back', async () => {
    await gateway.addUser({ email: 'patient@example.com', verified: false })
    await smtp.stop()
    expect((await gateway.call(method, { email: 'patient@example.com' })).text).to.equal(succeeded)
    await gateway.services.queue.runDue()
    await smtp.start()
    smtp.refuse = true
    gateway.clock.advance(5000)
    await gateway.services.queue.runDue()
    smtp.refuse = false
    expect(smtp.messages).to.deep.equal([])
    gateway.clock.advance(15_000)
    await gateway.services.queue.runDue()
    expect(smtp.messages.map(({ to }) => to)).to.deep.equal([['patient@example.com']])
    gateway.clock.advance(3_600_000)
    await gateway.services.queue.runDue()
    expect(smtp.messages).to.have.length(1)
  })
})
