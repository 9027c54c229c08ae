import { expect } from 'chai'
import { transaction } from '../../../db/transaction.js'
import { startGateway, type TestApp, type TestGateway } from '../../harness.js'
import { onEachDatabase } from '../../servers/databases.js'

/** What databases say when they have rolled a write back that may be tried again; the last three are TiDB's. */
const numbers = [1213, 1205, 1180, 3101, 8002, 8022, 9007]

/** Refuses writes as often as `refusal` says, with its number. A table that knows no transactions keeps the count. */
const refuse = (table: string) => `CREATE TRIGGER refuse_${table} BEFORE INSERT ON ${table} FOR EACH ROW BEGIN
  DECLARE number INT;
  DECLARE times INT;
  SELECT times_left, error_number INTO times, number FROM refusal;
  IF times > 0 THEN
    UPDATE refusal SET times_left = times_left - 1;
    SIGNAL SQLSTATE 'HY000' SET MYSQL_ERRNO = number;
  END IF;
END`

onEachDatabase('a write that the database has rolled back', (database) => {
  // SQLite rolls nothing back for another's sake.
  if (database.kind === 'sqlite') return
  let gateway: TestGateway
  let app: TestApp
  before(async () => {
    gateway = await startGateway(database)
    app = await gateway.addApp({ scheme: 'hmac-sha256' })
    await gateway.db.raw('CREATE TABLE refusal (times_left INT, error_number INT) ENGINE = MyISAM')
    await gateway.db.raw('INSERT INTO refusal VALUES (0, 0)')
    for (const table of ['used_nonce', 'delivery_job', 'usage_limit']) await gateway.db.raw(refuse(table))
  })
  after(() => gateway?.close())
  afterEach(() => refusals(0, 0))

  const refusals = (times: number, number: number) =>
    gateway.db.from('refusal').update({ times_left: times, error_number: number })
  const callWithNonce = () => gateway.call('web.passport.getUserHabits', { uid: '987654321' }, { app })

  for (const number of numbers)
    it(`is tried again after ${number}, in a transaction and by itself`, async () => {
      await refusals(2, number)
      expect((await callWithNonce()).json?.code).to.equal(10010)
      await refusals(2, number)
      const { queue } = gateway.services
      await queue.stop()
      await transaction(gateway.services, ({ db }) => queue.add(db, 'recovery-mail', { email: `${number}` }))
      const jobs = gateway.db('delivery_job').where('payload', 'like', `%"${number}"%`)
      expect(await jobs).to.have.length(1)
    })

  it('is answered as at a limit when it never is taken: a server that is only busy is no broken one', async () => {
    for (const number of [1213, 9007]) {
      await refusals(100, number)
      const [{ status, json, headers }, answer] = await Promise.all([
        callWithNonce(),
        gateway.request('/front/sys/captcha/mobile?mobile=%2B8613912345679'),
      ])
      expect([status, json?.code, headers.get('retry-after')]).to.deep.equal([200, 9999991, '1'])
      expect([answer.status, answer.headers.get('retry-after')]).to.deep.equal([429, '1'])
      expect(answer.json).to.include({ code: 300, error: 'CONTENTION' })
    }
  })

  it('is answered as too many requests where the budget would refuse it anyway', async () => {
    const send = async () => {
      const number = { area: '86', mobile: '13912345678' }
      const { json, headers } = await gateway.call('web.passport.sendcode', number)
      return [json?.code, Number(headers.get('retry-after') ?? 0)]
    }
    await refusals(100, 1213)
    expect(await send()).to.deep.equal([9999991, 1])
    await refusals(0, 0)
    expect(await send()).to.deep.equal([200, 0])
    await refusals(100, 1213)
    const [code, seconds] = await send()
    expect([code, Number(seconds) > 50]).to.deep.equal([9999991, true])
  })
})
