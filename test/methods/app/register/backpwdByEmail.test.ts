import { expect } from 'chai'
import { emailMalformed } from '../../../answers.js'
import { onEachDatabase } from '../../../servers/databases.js'
import { startSmtp } from '../../../servers/smtp.js'
import { prepared, useGateway, withGateway } from '../../../suite.js'

const method = 'app.register.backpwdByEmail'
const success = '{"code":200,"data":[],"message":"发送成功！"}'

withGateway(method, (gateway) => {
  const recover = (email: string) => gateway.call(method, { email })

  it('spends nothing of the day of all for addresses that are unknown', async () => {
    const used = async () => {
      const shares = await gateway.db('usage_limit').where('name', 'like', 'all-day:mail:%')
      return shares.reduce((sum, share) => sum + share.used, 0)
    }
    const before = await used()
    await gateway.call('app.register.backpwdByEmail', { email: 'nobody-at-all@example.com' })
    await gateway.sentTo('nobody-at-all@example.com')
    expect(await used()).to.equal(before)
    await gateway.addUser({ email: 'somebody-at-last@example.com' })
    await gateway.call('app.register.backpwdByEmail', { email: 'somebody-at-last@example.com' })
    expect(await gateway.sentTo('somebody-at-last@example.com')).to.have.length(1)
    expect(await used()).to.equal(before + 1)
  })

  it('mails a known address a link to the hosted page, whose token sets a new password', async () => {
    const { uid } = await gateway.addUser({ email: 'known@example.com' })
    expect(await recover('known@example.com')).to.include({ status: 200, text: success })
    const [mail] = await gateway.sentTo('known@example.com')
    expect(mail?.text).to.match(/^http:\/\/passport\.test\/reset-password\?code=[\w-]+$/m)
    const code = await gateway.lastMailToken('known@example.com')
    const reset = await gateway.call('app.register.resetPwdByCode', { code, newPwd: 'a new password' })
    expect(reset.json?.code).to.equal(200)
    const params = { uid: String(uid), password: 'a new password' }
    expect((await gateway.call('web.passport.verifyUserPwd', params)).json?.code).to.equal(200)
  })

  it('knows an address in whatever case it is written', async () => {
    await gateway.addUser({ email: 'Mixed@Example.com' })
    expect((await recover('mIXED@example.COM')).text).to.equal(success)
    expect(await gateway.sentTo('mixed@example.com')).to.have.length(1)
  })

  it('answers the same for an unknown address and mails it nothing', async () => {
    await gateway.addUser({ email: 'someone@example.com' })
    const known = await recover('someone@example.com')
    const unknown = await recover('nobody@example.com')
    expect(unknown.status).to.equal(known.status)
    expect(unknown.text).to.equal(known.text)
    expect([...unknown.headers.keys()]).to.deep.equal([...known.headers.keys()])
    expect(await gateway.sentTo('someone@example.com')).to.have.length(1)
    expect(await gateway.sentTo('nobody@example.com')).to.deep.equal([])
  })

  it('answers the same for a locked user and mails nothing', async () => {
    const { uid } = await gateway.addUser({ email: 'locked@example.com' })
    await gateway.db('account_user_info').where({ user_id: uid }).update({ user_state: 0 })
    expect((await recover('locked@example.com')).text).to.equal(success)
    expect(await gateway.sentTo('locked@example.com')).to.deep.equal([])
  })

  it('does the same work for known and unknown addresses, and stores no token', async () => {
    await gateway.services.queue.stop()
    await gateway.addUser({ email: 'work@example.com' })
    for (const email of ['work@example.com', 'no-work@example.com']) await recover(email)
    const jobs = await gateway.db('delivery_job').orderBy('job_id').select('template', 'payload', 'attempts')
    expect(jobs).to.deep.equal([
      { template: 'recovery-mail', payload: '{"email":"work@example.com"}', attempts: 0 },
      { template: 'recovery-mail', payload: '{"email":"no-work@example.com"}', attempts: 0 },
    ])
    await gateway.services.queue.runDue()
  })

  it('mails an address once a minute and five times an hour, and says nothing of it', async () => {
    const email = 'often@example.com'
    await gateway.addUser({ email })
    for (let time = 0; time < 3; time++) expect((await recover(email)).text).to.equal(success)
    expect(await gateway.sentTo(email)).to.have.length(1)
    for (let minute = 0; minute < 10; minute++) {
      gateway.clock.advance(60_000)
      expect((await recover(email)).text).to.equal(success)
    }
    expect(await gateway.sentTo(email)).to.have.length(5)
    expect((await recover('somebody-else@example.com')).text).to.equal(success)
  })

  it('mails nobody the link of a callback page', async () => {
    await gateway.addUser({ email: 'page@example.com' })
    const params = { email: 'page@example.com', callback: 'https://evil.example/' }
    expect((await gateway.call(method, params)).text).to.equal(success)
    const [mail] = await gateway.sentTo('page@example.com')
    expect(mail?.text).to.contain('http://passport.test/reset-password?code=').and.not.contain('evil')
  })

  it('refuses what has not the form of an address', async () => {
    for (const email of ['', 'nobody', 'a@example', 'a b@example.com', 'a@example.com\r\nBcc: b@example.com'])
      expect((await recover(email)).text, email).to.equal(emailMalformed)
    expect((await gateway.call(method)).text, 'missing').to.equal(emailMalformed)
  })
})

const twicePerAddress = { LIMIT_IP_SCALE: '1', CODE_PER_IP_HOUR: '2' }

withGateway(`${method}, for a caller's address`, twicePerAddress, (gateway) => {
  it('holds the caller to the hourly share, known addresses or not', async () => {
    await gateway.addUser({ email: 'two@example.com' })
    const codes: (number | undefined)[] = []
    for (const email of ['one@example.com', 'two@example.com', 'two@example.com', 'three@example.com'])
      codes.push((await gateway.call(method, { email })).json?.code)
    expect(codes).to.deep.equal([200, 200, 9999991, 9999991])
  })

  it('does not count the back ends that call from addresses of their own', async () => {
    const app = await gateway.addApp({ addresses: ['127.0.0.0/8'] })
    for (const email of ['one@example.com', 'two@example.com', 'three@example.com'])
      expect((await gateway.call(method, { email }, { app })).text).to.equal(success)
  })
})

onEachDatabase(`${method} over SMTP`, (database) => {
  const smtp = prepared(before, () => startSmtp())
  const gateway = useGateway(database, () => ({ SMTP_URL: smtp.url }))
  after(() => smtp.stop())

  it('answers success while the mail server is down; the link it mails later is as young as the mail', async () => {
    await gateway.addUser({ email: 'patient@example.com' })
    await smtp.stop()
    expect((await gateway.call(method, { email: 'patient@example.com' })).text).to.equal(success)
    await gateway.services.queue.runDue()
    await smtp.start()
    gateway.clock.advance(23 * 3_600_000)
    await gateway.services.queue.runDue()
    const code = /code=([\w-]+)/.exec(smtp.messages[0]?.text ?? '')?.[1] ?? ''
    gateway.clock.advance(23 * 3_600_000)
    expect((await gateway.call('web.passport.checkCodeValid', { code })).json?.code).to.equal(200)
    expect(smtp.messages.map(({ to }) => to)).to.deep.equal([['patient@example.com']])
  })
})
