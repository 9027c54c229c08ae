import { expect } from 'chai'
import { onEachDatabase } from '../../servers/databases.js'
import { useTrack } from './track.js'

/** The method takes fifty calls in ten seconds. */
const parallel = 24
const done = 200
const busy = 409

onEachDatabase(`${parallel} parallel calls with one Idempotency-Key`, function (database) {
  this.timeout(60_000)
  const track = useTrack(database)

  it('do the work once, and every later one is answered as the first', async () => {
    const [receiver = 0] = await track.addUsers(1)
    const call = {
      method: 'open.message.send',
      params: { uids: String(receiver), content: 'only once' },
      idempotencyKey: 'one-key-for-all-of-them',
    }
    const { answers, codes } = await track.race(Array.from({ length: parallel }, () => call))
    expect((codes[done] ?? 0) + (codes[busy] ?? 0)).to.equal(parallel)
    const right = '{"code":200,"data":{"sent":1,"unknown":[]},"message":"操作成功"}'
    const refusal = '{"code":409,"message":"相同的请求正在处理，请稍后再试"}'
    for (const { code, body } of answers) expect(body).to.equal(code === done ? right : refusal)
    const later = await track.race(Array.from({ length: 4 }, () => call))
    expect(later.answers.map(({ body }) => body)).to.deep.equal(Array(4).fill(right))
    expect(await track.db('account_user_message').where({ user_id: receiver })).to.have.length(1)
  })

  it('of many keys do the work of each once', async () => {
    const receivers = await track.addUsers(5)
    const calls = Array.from({ length: 20 }, (_, at) => ({
      method: 'open.message.send',
      params: { uids: String(receivers[at % 5]), content: 'only once' },
      idempotencyKey: `key-of-receiver-${at % 5}`,
    }))
    const { codes } = await track.race(calls)
    expect(codes[done]).to.be.at.least(5)
    const rows = await track.db('account_user_message').whereIn('user_id', receivers)
    expect(rows.map(({ user_id }) => user_id)).to.have.members(receivers)
  })
})
