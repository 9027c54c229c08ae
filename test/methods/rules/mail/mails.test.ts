import { once } from 'node:events'
import { expect } from 'chai'
import { SMTPServer } from 'smtp-server'
import { GatewayError } from '../../../../gateway/outcome/errors.js'
import { sendMail } from '../../../../methods/rules/mail/mails.js'
import { sendFailed } from '../../../answers.js'
import { onEachDatabase } from '../../../servers/databases.js'
import { freePort } from '../../../servers/processes/process.js'
import { startSmtp } from '../../../servers/smtp.js'
import { prepared, useGateway } from '../../../suite.js'

const mail = {
  subject: '验证 / Verify',
  zh: ['请打开链接。', '<b>请忽略</b> & "引号"'],
  en: ['Open the link.', 'Ignore <this>.'],
}
const link = 'http://passport.test/verify-email?code=abc&lang=zh'

onEachDatabase('mails', (database) => {
  const smtp = prepared(before, () => startSmtp())
  const gateway = useGateway(database, () => ({
    SMTP_URL: smtp.url.replace('//', '//user:password@'),
    MAIL_FROM: '"Passport 账号" <passport@example.com>',
  }))
  after(() => smtp.stop())
  beforeEach(() => smtp.clear())

  const refusalOf = async (sending: Promise<void>) =>
    sending.then(
      () => undefined,
      (error: unknown) => error,
    )
  const sends = async (outcome: string) => {
    const text = await gateway.services.metrics.registry.metrics()
    const line = text.split('\n').find((line) => line.includes('mail') && line.includes(`"${outcome}"`))
    return Number(line?.split(' ').at(-1) ?? 0)
  }

  it('go out as text and as HTML, in Chinese and English, from the configured sender', async () => {
    await sendMail(gateway.services, 'a@example.com', { ...mail, link })
    const [message] = smtp.messages
    expect(smtp.messages).to.have.length(1)
    expect(message).to.include({
      from: 'passport@example.com',
      fromName: 'Passport 账号',
      subject: '验证 / Verify',
    })
    expect(message?.to).to.deep.equal(['a@example.com'])
    expect(message?.text.trim().split('\n')).to.deep.equal([...mail.zh, '', link, '', ...mail.en])
    const href = link.replace('&', '&amp;')
    expect(message?.html.trim().split('\n')).to.deep.equal([
      '<!doctype html>',
      '<html lang="zh"><head><meta charset="utf-8"></head><body>',
      '<p>请打开链接。</p>',
      '<p>&lt;b&gt;请忽略&lt;/b&gt; &amp; &quot;引号&quot;</p>',
      `<p><a href="${href}">${href}</a></p>`,
      '<hr>',
      '<p>Open the link.</p>',
      '<p>Ignore &lt;this&gt;.</p>',
      '</body></html>',
    ])
  })

  it('go out without a link too', async () => {
    await sendMail(gateway.services, 'a@example.com', mail)
    const [message] = smtp.messages
    expect(message?.text.trim().split('\n')).to.deep.equal([...mail.zh, '', ...mail.en])
    expect(message?.html).to.not.contain('href')
  })

  it('go to one address, whatever it is made of', async () => {
    await sendMail(gateway.services, "o'brien+tag@example.com", mail)
    expect(smtp.messages.map(({ to }) => to)).to.deep.equal([["o'brien+tag@example.com"]])
  })

  it('fail when the mail server refuses them, and are counted either way', async () => {
    const [sent, failed] = [await sends('sent'), await sends('failed')]
    await sendMail(gateway.services, 'a@example.com', mail)
    smtp.refuse = true
    const refusal = await refusalOf(sendMail(gateway.services, 'a@example.com', mail))
    smtp.refuse = false
    expect(refusal).to.be.instanceOf(GatewayError).with.property('key', 'SEND_FAILED')
    expect(await sends('sent')).to.equal(sent + 1)
    expect(await sends('failed')).to.equal(failed + 1)
  })
})

onEachDatabase('mails that the mail server refuses by naming the address', (database) => {
  let server: SMTPServer
  const gateway = useGateway(database, async () => {
    const port = await freePort()
    server = new SMTPServer({
      disabledCommands: ['STARTTLS', 'AUTH'],
      logger: false,
      closeTimeout: 50,
      onRcptTo({ address }, _session, callback) {
        callback(Object.assign(new Error(`<${address}>: no such user`), { responseCode: 550 }))
      },
    })
    await once(server.listen(port, '127.0.0.1'), 'listening')
    return { SMTP_URL: `smtp://127.0.0.1:${port}` }
  })
  after(() => new Promise<void>((resolve) => server.close(resolve)))

  it('leave the reply code in the log, but not the address', async () => {
    const uid = String((await gateway.addUser()).uid)
    const params = { uid, email: 'private.person@example.com' }
    const { text } = await gateway.call('web.passport.verifyEmail', params)
    expect(text).to.equal(sendFailed)
    await gateway.addUser({ email: 'another.person@example.com' })
    await gateway.call('app.register.backpwdByEmail', { email: 'another.person@example.com' })
    await gateway.services.queue.runDue()
    const log = gateway.logLines.join('')
    expect(log).to.contain('SEND_FAILED').and.contain('550')
    expect(log).to.not.match(/private|another/)
  })
})
