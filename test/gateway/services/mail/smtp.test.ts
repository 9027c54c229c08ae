import { setTimeout as sleep } from 'node:timers/promises'
import { expect } from 'chai'
import type { Mailer } from '../../../../gateway/services/mail/mailer.js'
import { createSmtpMailer } from '../../../../gateway/services/mail/smtp.js'
import { GatewayError } from '../../../../gateway/outcome/errors.js'
import { type SmtpStage, type StallingSmtp, startStallingSmtp } from '../../../servers/stalling-smtp.js'

const mail = { to: 'a@example.com', subject: 's', text: 't', html: '<p>t</p>' }
const patience = 500
/** What the machine may be late by. */
const late = 1500

describe('a mail by SMTP', function () {
  this.timeout(20_000)
  let smtp: StallingSmtp
  let mailer: Mailer
  before(async () => {
    smtp = await startStallingSmtp()
  })
  beforeEach(async () => {
    Object.assign(smtp, { stage: undefined, drips: false })
    mailer = await createSmtpMailer(smtp.url, 'shop@example.com', patience)
  })
  afterEach(() => mailer.close())
  after(() => smtp.stop())

  /** What the sender is told, and after how many milliseconds. */
  async function send(): Promise<{ readonly told: string; readonly after: number }> {
    const from = performance.now()
    const told = await mailer.send(mail).then(
      () => 'sent',
      (error: unknown) =>
        error instanceof GatewayError ? `${error.key}: ${Object(error.cause).message}` : '',
    )
    return { told, after: performance.now() - from }
  }

  const tooLate = 'SEND_FAILED: smtp: the mail was not taken in time'
  const stages: SmtpStage[] = ['greeting', 'EHLO', 'AUTH', 'MAIL', 'RCPT', 'DATA', 'end of data']

  it('is sent by a server that answers', async () => {
    expect((await send()).told).to.equal('sent')
  })

  for (const stage of stages)
    for (const drips of [false, true])
      it(`is given up in time by a server that ${drips ? 'drips' : 'stalls'} at ${stage}`, async () => {
        Object.assign(smtp, { stage, drips })
        const { told, after } = await send()
        expect(told).to.equal(tooLate)
        expect(after).to.be.within(patience - 50, patience + late)
        for (let waited = 0; smtp.open > 0 && waited < late; waited += 50) await sleep(50)
        expect(smtp.open, 'connections left').to.equal(0)
        smtp.stage = undefined
        expect((await send()).told, 'the next one').to.equal('sent')
      })

  it('is given up in time where more are waiting than there are connections, and the next is sent', async () => {
    Object.assign(smtp, { stage: 'end of data', drips: true })
    const all = await Promise.all(Array.from({ length: 23 }, send))
    expect(new Set(all.map(({ told }) => told))).to.deep.equal(new Set([tooLate]))
    expect(Math.max(...all.map(({ after }) => after))).to.be.below(patience + late)
    smtp.stage = undefined
    expect((await send()).told).to.equal('sent')
  })
})
