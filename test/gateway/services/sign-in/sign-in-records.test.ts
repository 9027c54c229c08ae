import { expect } from 'chai'
import { setTimeout as sleep } from 'node:timers/promises'
import {
  createSignInRecords,
  type SignInRecord,
  type SignInRecords,
} from '../../../../gateway/services/sign-in/sign-in-records.js'
import { createLog, type Log } from '../../../../gateway/services/telemetry/log.js'

/** A record is told from others by its user. */
const recordOf = (userId: number): SignInRecord => ({
  audit: {
    happened_at: 1,
    action: 'front.account.login.login',
    outcome: 'ok',
    actor_id: userId,
    actor: '',
    target_id: userId,
    ip: '192.0.2.1',
    detail: '',
  },
})

describe('records of sign-ins', () => {
  let lines: string[]
  let batches: number[][]
  let failure: ((users: readonly number[]) => Error | undefined) | undefined
  let records: SignInRecords
  let log: Log
  beforeEach(() => {
    lines = []
    batches = []
    failure = undefined
    log = createLog('info', { write: (line) => lines.push(line), flush() {}, flushSync() {} })
    const write = async (some: readonly SignInRecord[]) => {
      const users = some.map(({ audit }) => audit.target_id)
      const error = failure?.(users)
      if (error) throw error
      batches.push(users)
    }
    records = createSignInRecords({ write, log, most: 60 })
  })
  afterEach(() => records.close())

  const add = (from: number, to: number) => {
    for (let user = from; user <= to; user++) expect(records.add(recordOf(user)), String(user)).to.equal(true)
  }
  const numbers = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, at) => from + at)

  it('are written within a second, many at once, in their order', async () => {
    add(1, 30)
    expect([batches, records.waiting()]).to.deep.equal([[], 30])
    await sleep(1000)
    expect(batches).to.deep.equal([numbers(1, 25), numbers(26, 30)])
    expect(records.waiting()).to.equal(0)
  })

  it('wait for a database that is away, and are written once when it is back', async () => {
    failure = () => new Error('away')
    add(1, 3)
    await sleep(800)
    add(4, 4)
    expect([batches, records.waiting()]).to.deep.equal([[], 4])
    expect(lines.filter((line) => line.includes('could not be written yet'))).to.have.length(1)
    failure = undefined
    await sleep(1200)
    expect(batches).to.deep.equal([[1, 2, 3, 4]])
  })

  it('are refused while too many wait, which is for the caller to know', async () => {
    failure = () => new Error('away')
    add(1, 60)
    expect(records.add(recordOf(61))).to.equal(false)
    await records.flush().catch(() => {})
    expect(records.add(recordOf(61))).to.equal(false)
    failure = undefined
    await records.flush()
    expect(records.add(recordOf(61))).to.equal(true)
    await records.flush()
    expect(batches.flat()).to.deep.equal(numbers(1, 61))
  })

  it('keep no others back when a database refuses what is in one, which stands in the log then', async () => {
    const refusal = Object.assign(new Error('too long'), { code: 'ER_DATA_TOO_LONG' })
    failure = (users) => (users.includes(2) ? refusal : undefined)
    add(1, 27)
    await records.flush()
    expect(batches).to.deep.equal([[1], ...numbers(3, 25).map((user) => [user]), [26, 27]])
    const [line = '', ...others] = lines.filter((line) => line.includes('was not written'))
    expect(others).to.deep.equal([])
    expect(JSON.parse(line)).to.include({
      method: 'front.account.login.login',
      reason: 'ok',
      userId: 2,
      ip: '192.0.2.1',
    })
  })

  it('are written at the end, and stand in the log when the database takes them no more', async () => {
    add(1, 2)
    await records.close()
    expect(batches).to.deep.equal([[1, 2]])
    failure = () => new Error('gone')
    add(3, 4)
    await records.close()
    expect(
      lines.filter((line) => line.includes('was not written')).map((line) => JSON.parse(line).userId),
    ).to.deep.equal([3, 4])
    expect(records.waiting()).to.equal(0)
  })

  it('are not tried again at the end with a database that has let everybody wait', async () => {
    let tries = 0
    const write = async () => {
      tries++
      await sleep(3100)
      throw new Error('hangs')
    }
    const late = createSignInRecords({ write, log })
    late.add(recordOf(5))
    await late.close()
    expect(tries).to.equal(1)
    expect(lines.filter((line) => line.includes('was not written'))).to.have.length(1)
  })
})
