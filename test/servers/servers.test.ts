import { expect } from 'chai'
import { Redis } from 'ioredis'
import { createConnection, type RowDataPacket } from 'mysql2/promise'
import { createTransport } from 'nodemailer'
import { requireProgram } from './available.js'
import { type Mariadb, startMariadb } from './mariadb.js'
import { type RedisServer, startRedis } from './redis.js'
import { type SmtpServer, startSmtp } from './smtp.js'
import { startWebhook, type Webhook } from './sms/webhook.js'

describe('the MariaDB server of the tests', function () {
  this.timeout(60_000)
  let mariadb: Mariadb | undefined
  const server = (): Mariadb => mariadb ?? expect.fail('not started')

  before(async function () {
    requireProgram(this, 'mariadbd')
    mariadb = await startMariadb()
  })
  after(async () => {
    await mariadb?.stop()
  })

  async function ask(url: string, ...statements: string[]): Promise<unknown[]> {
    const connection = await createConnection(url)
    try {
      let rows: RowDataPacket[] = []
      for (const statement of statements) [rows] = await connection.query<RowDataPacket[]>(statement)
      return rows
    } finally {
      await connection.end()
    }
  }

  it('keeps committed rows through a crash and a restart', async () => {
    const url = await server().createDatabase()
    await ask(url, 'CREATE TABLE notes (note VARCHAR(20))', "INSERT INTO notes VALUES ('日本語 👋')")
    await server().kill()
    expect(await failure(ask(url, 'SELECT 1'))).to.have.property('code', 'ECONNREFUSED')
    await server().restart()
    expect(await ask(url, 'SELECT note FROM notes')).to.deep.equal([{ note: '日本語 👋' }])
    await server().restart()
    expect(await ask(url, 'SELECT note FROM notes')).to.have.length(1)
    await server().dropDatabase(url)
    expect(await failure(ask(url, 'SELECT 1'))).to.have.property('code', 'ER_BAD_DB_ERROR')
  })

  it('gives each database its own name, and all of them the settings the tests count on', async () => {
    const urls = [await server().createDatabase(), await server().createDatabase()]
    expect(new Set(urls).size).to.equal(2)
    const settings = `SELECT @@character_set_database AS charset, @@collation_database AS collation,
      @@max_connections AS connections, @@innodb_flush_log_at_trx_commit AS flush`
    for (const url of urls) {
      expect(await ask(url, settings)).to.deep.equal([
        { charset: 'utf8mb4', collation: 'utf8mb4_general_ci', connections: 400, flush: 1 },
      ])
      await server().dropDatabase(url)
    }
  })
})

describe('the Redis server of the tests', function () {
  this.timeout(30_000)
  let redis: RedisServer | undefined

  before(async function () {
    requireProgram(this, 'redis-server')
    redis = await startRedis()
  })
  after(async () => {
    await redis?.stop()
  })

  async function withClient<Result>(work: (client: Redis) => Promise<Result>): Promise<Result> {
    const url = redis?.url ?? expect.fail('not started')
    const client = new Redis(url, { lazyConnect: true, retryStrategy: () => null })
    client.on('error', () => {})
    try {
      await client.connect()
      return await work(client)
    } finally {
      client.disconnect()
    }
  }

  it('keeps values, and loses them with a crash', async () => {
    await withClient((client) => client.set('key', 'value'))
    expect(await withClient((client) => client.get('key'))).to.equal('value')
    await redis?.kill()
    expect(await failure(withClient((client) => client.get('key')))).to.be.instanceOf(Error)
    await redis?.restart()
    expect(await withClient((client) => client.get('key'))).to.equal(null)
  })
})

describe('the mail server of the tests', () => {
  let smtp: SmtpServer
  const mail = {
    from: { name: 'Passport', address: 'passport@example.com' },
    to: ['Ann <ann@example.com>', 'bob@example.com'],
    subject: 'Your code · код',
    text: '123456',
    html: '<p>123456</p>',
  }

  before(async () => {
    smtp = await startSmtp()
  })
  after(() => smtp.stop())

  const send = (url: string = smtp.url): Promise<unknown> => createTransport(url).sendMail(mail)

  it('keeps the messages it receives, with and without a login', async () => {
    await send()
    await send(smtp.url.replace('//', '//user:secret@'))
    expect(smtp.messages).to.have.length(2)
    const [message] = smtp.messages
    expect(message).to.include({ from: 'passport@example.com', fromName: 'Passport', subject: mail.subject })
    expect(message?.to).to.deep.equal(['ann@example.com', 'bob@example.com'])
    expect(message?.text.trim()).to.equal('123456')
    expect(message?.html.trim()).to.equal('<p>123456</p>')
    smtp.clear()
    expect(smtp.messages).to.have.length(0)
  })

  it('refuses when told to', async () => {
    smtp.refuse = true
    expect(await failure(send())).to.include({ responseCode: 451, command: 'DATA' })
    smtp.refuse = 552
    expect(await failure(send())).to.have.property('responseCode', 552)
    smtp.refuse = false
    expect(smtp.messages).to.have.length(0)
  })

  it('is gone while stopped and back on the same port afterwards', async () => {
    const idle = createTransport({ url: smtp.url, pool: true })
    await idle.sendMail(mail)
    await smtp.stop()
    expect(await failure(send())).to.have.property('code', 'ESOCKET')
    await smtp.start()
    await send()
    expect(smtp.messages).to.have.length(2)
    idle.close()
  })
})

describe('the webhook of the tests', () => {
  let webhook: Webhook

  before(async () => {
    webhook = await startWebhook()
  })
  after(() => webhook.stop())

  const post = (body: string): Promise<Response> => fetch(webhook.url, { method: 'POST', body })

  it('records bodies and answers as told', async () => {
    expect((await post('{"to":"+7","text":"1"}')).status).to.equal(200)
    Object.assign(webhook, { status: 503, delayMs: 120 })
    const since = performance.now()
    expect((await post('[2]')).status).to.equal(503)
    expect(performance.now() - since).to.be.greaterThan(100)
    expect(webhook.bodies).to.deep.equal([{ to: '+7', text: '1' }, [2]])
    webhook.clear()
    expect((await post('not JSON')).status).to.equal(400)
    expect(webhook.bodies).to.deep.equal([])
  })

  it('stops without waiting for the answers it holds back', async () => {
    webhook.delayMs = 60_000
    const answer = failure(post('{}'))
    while (webhook.bodies.length === 0) await new Promise((resolve) => setTimeout(resolve, 5))
    await webhook.stop()
    expect(await answer).to.be.instanceOf(TypeError)
  })
})

async function failure(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    () => expect.fail('should have failed'),
    (error: unknown) => error,
  )
}
