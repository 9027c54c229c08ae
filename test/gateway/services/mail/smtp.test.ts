import { setTimeout as sleep } from 'node:timers/promises'
import { expect } from 'chai'
import type { Mailer } from '../../../../gateway/services/mail/mailer.js'
import { createSmtpMailer } from '../../../../gateway/services/mail/smtp.js'
import { GatewayError } from '../../../../gateway/outcome/errors.js'
import { type SmtpStage, type StallingSmtp, startStallingSmtp } from '../../../servers/stalling-smtp.js'

const mail = { to: 'a@example.com', subject: 's', text: 't', html: '<p>t</p>' }
const patience = 2000
/** What the machine may be late by. */
const late = 8000
const tooLate = 'SEND_FAILED: smtp: the mail was not taken in time'
const stages: SmtpStage[] = ['greeting', 'EHLO', 'AUTH', 'MAIL', 'RCPT', 'DATA', 'end of data']

describe('a mail by SMTP', function () {
  this.timeout(30_000)

  /** A server and its client, for as long as the work takes. */
  async function withServer(work: (smtp: StallingSmtp, mailer: Mailer) => Promise<void>): Promise<void> {
    const smtp = await startStallingSmtp()
    const mailer = await createSmtpMailer(smtp.url, 'shop@example.com', patience)
    try {
      await work(smtp, mailer)
    } finally {
      mailer.close()
      await smtp.stop()
    }
  }

  /** What the sender is told, and after how many milliseconds. */
  async function send(mailer: Mailer): Promise<{ readonly told: string; readonly after: number }> {
    const from = performance.now()
    const told = await mailer.send(mail).then(
      () => 'sent',
      (error: unknown) =>
        error instanceof GatewayError ? `${error.key}: ${Object(error.cause).message}` : '',
    )
    return { told, after: performance.now() - from }
  }

  it('is sent by a server that answers', () =>
    withServer(async (_, mailer) => {
      expect((await send(mailer)).told).to.equal('sent')
    }))

  const giveUpAt = (stage: SmtpStage, drips: boolean) =>
    withServer(async (smtp, mailer) => {
      Object.assign(smtp, { stage, drips })
      const { told, after } = await send(mailer)
      expect(told, stage).to.equal(tooLate)
      expect(after, stage).to.be.within(patience - 50, patience + late)
      for (let waited = 0; smtp.open > 0 && waited < late; waited += 50) await sleep(50)
      expect(smtp.open, `connections left at ${stage}`).to.equal(0)
      smtp.stage = undefined
      expect((await send(mailer)).told, `the next one after ${stage}`).to.equal('sent')
    })

  it('is given up in time by a server that stalls, at whichever stage', async () => {
    await Promise.all(stages.map((stage) => giveUpAt(stage, false)))
  })

  it('is given up in time by a server that drips, at whichever stage', async () => {
    await Promise.all(stages.map((stage) => giveUpAt(stage, true)))
  })

  it('is given up in time where more are waiting than there are connections, and the next is sent', () =>
    withServer(async (smtp, mailer) => {
      Object.assign(smtp, { stage: 'end of data', drips: true })
      const all = await Promise.all(Array.from({ length: 23 }, () => send(mailer)))
      expect(new Set(all.map(({ told }) => told))).to.deep.equal(new Set([tooLate]))
      expect(Math.max(...all.map(({ after }) => after))).to.be.below(patience + late)
      smtp.stage = undefined
      expect((await send(mailer)).told).to.equal('sent')
    }))
})
