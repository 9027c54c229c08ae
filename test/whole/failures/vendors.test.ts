import { setTimeout as sleep } from 'node:timers/promises'
import { expect } from 'chai'
import { insertUser } from '../../../db/users.js'
import { fetchAnswer } from '../../fetch-answer.js'
import { signParameters, type TestApp } from '../../harness.js'
import { requireProgram } from '../../servers/available.js'
import {
  type BesideConnection,
  connectBeside,
  type GatewayProcess,
  startGatewayProcess,
} from '../../servers/processes/gateway-process.js'
import { type Mariadb, startMariadb } from '../../servers/mariadb.js'
import { type SmtpServer, startSmtp } from '../../servers/smtp.js'
import { startWebhook, type Webhook } from '../../servers/sms/webhook.js'
import { checkLoad } from './check-load.js'
import { startJournalLoad } from './journal-load.js'

const rounds = process.env['TEST_LONG'] ? 10 : 1
const callers = 20
/** The first retry of the queue comes after five seconds, the second fifteen later. */
const deliveredWithin = 30_000

describe('two servers whose SMS vendor and mail server fail, under load', function () {
  this.timeout(60_000 * rounds)
  let mariadb: Mariadb
  let beside: BesideConnection
  let servers: GatewayProcess[]
  let sms: Webhook
  let smtp: SmtpServer
  let app: TestApp
  let lastNumber = 13_600_000_000

  before(async function () {
    requireProgram(this, 'mariadbd')
    mariadb = await startMariadb()
    const url = await mariadb.createDatabase()
    beside = await connectBeside({ url })
    app = await beside.addApp({ name: 'load' })
    ;[sms, smtp] = [await startWebhook(), await startSmtp()]
    const env = { SMS_PROVIDER: 'webhook', SMS_WEBHOOK_URL: sms.url, SMTP_URL: smtp.url, CODE_GAP: '0' }
    servers = [await startGatewayProcess({ url }, env), await startGatewayProcess({ url }, env)]
  })
  after(async () => {
    await Promise.all(servers.map((server) => server.stop()))
    await Promise.all([sms.stop(), smtp.stop(), beside.close()])
    await mariadb.stop()
  })

  async function call(method: string, given: Record<string, string>, at: number): Promise<unknown> {
    const params = new URLSearchParams(signParameters(app, { method, ...given })).toString()
    const { json } = await fetchAnswer(`${servers[at % servers.length]?.url ?? ''}/gateway?${params}`)
    return json?.code
  }

  async function addUserWithEmail(): Promise<string> {
    const email = `load-${++lastNumber}@example.com`
    const user_id = await insertUser(beside.db, { account: email, passwordHash: '', createdAt: 0, email })
    await beside
      .db('user_identity')
      .insert({ kind: 'email', value: email, user_id, verified_at: 1, created_at: 1 })
    return email
  }

  const inParallel = <T>(items: readonly T[], work: (item: T, at: number) => Promise<unknown>) =>
    Promise.all(items.map(work))
  const each = (code: number) => Array.from({ length: callers }, () => code)

  async function waitForMails(addresses: readonly string[]): Promise<number> {
    const from = Date.now()
    const missing = () => addresses.filter((email) => !smtp.messages.some(({ to }) => to.includes(email)))
    while (missing().length > 0) {
      if (Date.now() - from > deliveredWithin) expect.fail(`never mailed: ${missing().join(', ')}`)
      await sleep(50)
    }
    return Date.now() - from
  }

  it('answers 425, leaves no code valid, and delivers later what may wait', async () => {
    const load = await startJournalLoad(
      beside.db,
      app,
      servers.map(({ url }) => url),
    )
    await load.timeUntilServed(10_000)
    const back: number[] = []
    for (let round = 0; round < rounds; round++) {
      const mobiles = Array.from({ length: callers }, () => String(++lastNumber))
      const emails: string[] = []
      for (let count = 0; count < callers; count++) emails.push(await addUserWithEmail())
      sms.status = 500
      await smtp.stop()
      const sendCodes = () =>
        inParallel(mobiles, (mobile, at) => call('web.passport.sendcode', { mobile }, at))
      expect(await sendCodes()).to.deep.equal(each(425))
      const addresses = mobiles.map((mobile) => `sms:+86${mobile}`)
      expect(await beside.db('sent_code').whereIn('address', addresses)).to.deep.equal([])
      const asked = inParallel(emails, (email, at) => call('app.register.backpwdByEmail', { email }, at))
      expect(await asked).to.deep.equal(each(200))
      await sleep(1500)
      expect(smtp.messages).to.have.length(round * callers)

      sms.status = 200
      sms.clear()
      await smtp.start()
      expect(await sendCodes()).to.deep.equal(each(200))
      const sent = sms.bodies as readonly { readonly mobile: string; readonly code: string }[]
      const tries = inParallel(sent, ({ mobile, code }, at) =>
        call('web.passport.checkcode', { mobile, code }, at),
      )
      expect(await tries).to.deep.equal(each(200))
      back.push(await waitForMails(emails))
    }
    expect(smtp.messages).to.have.length(rounds * callers)
    await checkLoad(load, beside, 'SMS vendor and mail server failed, queued mail', back)
  })
})
