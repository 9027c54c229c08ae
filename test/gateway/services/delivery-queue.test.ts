import { expect } from 'chai'
import { setTimeout as sleep } from 'node:timers/promises'
import { transaction } from '../../../db/transaction.js'
import {
  createDeliveryQueue,
  type DeliveryHandlers,
  type DeliveryQueue,
} from '../../../gateway/services/delivery-queue.js'
import { mailNotices } from '../../../methods/rules/mail/notice-texts.js'
import { startGateway, type TestGateway } from '../../harness.js'
import { type SmtpServer, startSmtp } from '../../servers/smtp.js'
import { type StallingSmtp, startStallingSmtp } from '../../servers/stalling-smtp.js'
import { withGateway } from '../../suite.js'

type Deliver = (email: string) => Promise<void>

withGateway('the delivery queue', (gateway) => {
  before(async () => {
    // The gateway's own queue would take the jobs of these tests.
    await gateway.services.queue.stop()
  })
  beforeEach(async () => {
    gateway.clock.freeze(1458378392_000)
    await gateway.db('delivery_job').delete()
  })

  /** A node's queue that looks for jobs only when told to. */
  const node = async (deliver: Deliver): Promise<DeliveryQueue> => {
    const queue = polling(deliver)
    await queue.stop()
    return queue
  }
  const polling = (deliver: Deliver): DeliveryQueue => {
    const { db, log } = gateway.services
    const queue = createDeliveryQueue({ db, clock: gateway.clock, log })
    const handlers: DeliveryHandlers = {
      'recovery-mail': ({ email }) => deliver(email),
      'verification-mail': () => expect.fail('not this template'),
      'mobile-added': () => expect.fail('not this template'),
      'mobile-changed': () => expect.fail('not this template'),
      'password-changed': () => expect.fail('not this template'),
      'email-changed': () => expect.fail('not this template'),
      'wechat-changed': () => expect.fail('not this template'),
      'wechat-event': () => expect.fail('not this template'),
    }
    queue.start(handlers)
    return queue
  }
  const add = (queue: DeliveryQueue, email: string) =>
    transaction(gateway.services, ({ db }) => queue.add(db, 'recovery-mail', { email }))
  const jobsLeft = async () => (await gateway.db('delivery_job')).length

  it('hands each job to the handler of its template once, the oldest first', async () => {
    const delivered: string[] = []
    const queue = await node(async (email) => void delivered.push(email))
    for (const email of ['a@example.com', 'b@example.com', 'c@example.com']) {
      await add(queue, email)
      gateway.clock.advance(1)
    }
    expect(await queue.runDue()).to.equal(3)
    expect(await queue.runDue()).to.equal(0)
    expect(delivered).to.deep.equal(['a@example.com', 'b@example.com', 'c@example.com'])
    expect(await jobsLeft()).to.equal(0)
  })

  it('looks for jobs by itself, and stops when told to', async () => {
    const delivered: string[] = []
    const queue = polling(async (email) => void delivered.push(email))
    for (const email of ['a@example.com', 'b@example.com']) {
      await add(queue, email)
      while (!delivered.includes(email)) await sleep(10)
    }
    await queue.stop()
    expect(delivered).to.have.length(2)
  })

  it('delivers nothing that was asked for in a transaction that failed', async () => {
    const delivered: string[] = []
    const queue = await node(async (email) => void delivered.push(email))
    const failing = transaction(gateway.services, async ({ db }) => {
      await queue.add(db, 'recovery-mail', { email: 'a@example.com' })
      throw new Error('something else went wrong')
    })
    await failing.catch(() => {})
    expect(await queue.runDue()).to.equal(0)
    expect(delivered).to.deep.equal([])
  })

  it('tries again after 5, 15, 60, 300 and then every 900 seconds', async () => {
    let tries = 0
    const queue = await node(async () => {
      tries++
      throw new Error('the vendor is down')
    })
    await add(queue, 'a@example.com')
    expect(await queue.runDue()).to.equal(0)
    expect(tries).to.equal(1)
    for (const [at, seconds] of [5, 15, 60, 300, 900, 900, 900].entries()) {
      gateway.clock.advance(seconds * 1000 - 1)
      await queue.runDue()
      expect(tries, `before pause ${at} is over`).to.equal(at + 1)
      gateway.clock.advance(1)
      await queue.runDue()
      expect(tries, `after pause ${at}`).to.equal(at + 2)
    }
    expect(await jobsLeft()).to.equal(1)
  })

  it('delivers what failed before as soon as the vendor is back', async () => {
    const delivered: string[] = []
    let isDown = true
    const queue = await node(async (email) => {
      if (isDown) throw new Error('the vendor is down')
      delivered.push(email)
    })
    await add(queue, 'a@example.com')
    await queue.runDue()
    isDown = false
    gateway.clock.advance(5000)
    expect(await queue.runDue()).to.equal(1)
    expect(delivered).to.deep.equal(['a@example.com'])
    expect(await jobsLeft()).to.equal(0)
  })

  it('does not let one job that fails hold up the others', async () => {
    const delivered: string[] = []
    const queue = await node(async (email) => {
      if (email.startsWith('bad')) throw new Error('no such address')
      delivered.push(email)
    })
    for (const email of ['bad@example.com', 'a@example.com', 'b@example.com']) await add(queue, email)
    expect(await queue.runDue()).to.equal(2)
    expect(delivered.sort()).to.deep.equal(['a@example.com', 'b@example.com'])
    expect(await jobsLeft()).to.equal(1)
  })

  it('gives a job up after 24 hours and says so, without its content', async () => {
    let tries = 0
    const queue = await node(async () => {
      tries++
      throw new Error('the vendor is down')
    })
    await add(queue, 'given-up@example.com')
    gateway.clock.advance(86_400_000)
    await queue.runDue()
    expect(tries).to.equal(1)
    gateway.clock.advance(5000)
    await queue.runDue()
    expect(tries).to.equal(1)
    expect(await jobsLeft()).to.equal(0)
    const log = gateway.logLines.join('')
    expect(log).to.contain('could not be delivered in time and was given up').and.not.contain('given-up@')
  })

  it('delivers each job once when several nodes look at once', async () => {
    const delivered: string[] = []
    const nodes = await Promise.all([1, 2, 3].map(() => node(async (email) => void delivered.push(email))))
    const [first] = nodes
    const emails = Array.from({ length: 50 }, (_, at) => `${at}@example.com`)
    for (const email of emails) await first?.add(gateway.db, 'recovery-mail', { email })
    let sent = 0
    for (let more = 1; more > 0; sent += more) {
      const runs = await Promise.all(nodes.map((queue) => queue.runDue()))
      more = runs.reduce((sum, count) => sum + count, 0)
    }
    expect(sent).to.equal(50)
    expect(delivered.sort()).to.deep.equal(emails.sort())
  })

  it('delivers the job of a node that died over it, a minute later', async () => {
    const delivered: string[] = []
    const held = gate()
    const dying = await node(() => held.pass())
    const living = await node(async (email) => void delivered.push(email))
    await add(dying, 'a@example.com')
    const dead = dying.runDue()
    await held.reached
    gateway.clock.advance(59_999)
    expect(await living.runDue()).to.equal(0)
    gateway.clock.advance(1)
    expect(await living.runDue()).to.equal(1)
    expect(delivered).to.deep.equal(['a@example.com'])
    held.open()
    await dead
    expect(await jobsLeft()).to.equal(0)
  })

  it('runs what was added while a run was under way already', async () => {
    const delivered: string[] = []
    const held = gate()
    const queue = await node(async (email) => {
      if (email.startsWith('slow')) await held.pass()
      delivered.push(email)
    })
    await add(queue, 'slow@example.com')
    const underWay = queue.runDue()
    await held.reached
    await add(queue, 'new@example.com')
    const next = queue.runDue()
    held.open()
    await Promise.all([underWay, next])
    expect(delivered).to.deep.equal(['slow@example.com', 'new@example.com'])
  })

  it('finishes the job under way before it has stopped', async () => {
    const events: string[] = []
    const held = gate()
    const queue = await node(async () => {
      await held.pass()
      events.push('delivered')
    })
    await add(queue, 'a@example.com')
    const run = queue.runDue()
    await held.reached
    const stopped = queue.stop().then(() => events.push('stopped'))
    held.open()
    await Promise.all([run, stopped])
    expect(events).to.deep.equal(['delivered', 'stopped'])
    expect(await jobsLeft()).to.equal(0)
  })

  it('leaves a template it does not know to a newer node', async () => {
    const queue = await node(() => expect.fail('not this template'))
    const now = gateway.clock.now()
    for (const template of ['of-a-newer-version', 'toString', '__proto__'])
      await gateway
        .db('delivery_job')
        .insert({ template, payload: '{}', due_at: now, expires_at: now + 86_400_000 })
    expect(await queue.runDue()).to.equal(0)
    expect(await jobsLeft()).to.equal(3)
  })
})

withGateway('queued messages beside a mail server that stalls', (gateway, database) => {
  let smtp: StallingSmtp
  let whole: TestGateway
  before(async () => {
    await gateway.services.queue.stop()
    smtp = await startStallingSmtp()
    smtp.stage = 'end of data'
    whole = await startGateway(database, { SMTP_URL: smtp.url })
  })
  after(async () => {
    await smtp?.stop()
    await whole?.close()
  })

  it('hold up no text, and are on their way five at a time', async () => {
    const { queue } = whole.services
    const emails = Array.from({ length: 8 }, (_, at) => `${at}@example.com`)
    for (const email of emails) await queue.add(whole.db, 'password-changed', { email })
    const asked = Date.now()
    for (const last of ['5', '6', '7'])
      await queue.add(whole.db, 'mobile-changed', { area: '86', mobile: `1391234567${last}` })
    const texts = () => whole.db('outbox_message').where({ channel: 'sms' })
    while ((await texts()).length < 3) await sleep(20)
    expect(Date.now() - asked).to.be.below(5000)
    while (smtp.open < 5) await sleep(20)
    await sleep(700)
    expect(smtp.open).to.equal(5)
    smtp.stage = undefined
    await smtp.stop()
    expect(await whole.db('delivery_job')).to.have.length(8)
  })
})

withGateway('queued messages to one address', (gateway, database) => {
  let smtp: SmtpServer
  let whole: TestGateway
  before(async () => {
    await gateway.services.queue.stop()
    smtp = await startSmtp()
    whole = await startGateway(database, { SMTP_URL: smtp.url })
  })
  after(async () => {
    await whole?.close()
    await smtp?.stop()
  })

  it('go out in their order, one after the other', async () => {
    const { queue } = whole.services
    const changes = ['password-changed', 'email-changed', 'wechat-changed'] as const
    for (const change of changes)
      for (const email of ['a@example.com', 'b@example.com']) await queue.add(whole.db, change, { email })
    while (smtp.messages.length < 6) await sleep(20)
    const subjects = (email: string) =>
      smtp.messages.filter(({ to }) => to.includes(email)).map(({ subject }) => subject)
    const wanted = changes.map((change) => mailNotices[change].subject)
    expect(subjects('a@example.com')).to.deep.equal(wanted)
    expect(subjects('b@example.com')).to.deep.equal(wanted)
  })
})

/** Holds up who passes it until it is opened; `reached` resolves when somebody stands before it. */
function gate() {
  let open = () => {}
  let arrive = () => {}
  const opened = new Promise<void>((resolve) => (open = resolve))
  const reached = new Promise<void>((resolve) => (arrive = resolve))
  const pass = () => {
    arrive()
    return opened
  }
  return { pass, reached, open: () => open() }
}
