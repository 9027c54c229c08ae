import { expect } from 'chai'
import { onEachDatabase } from '../../servers/databases.js'
import { readMessage } from './messages.js'
import { useTrack } from './track.js'

const parallel = 200
const done = 200
const failed = 400

onEachDatabase('delivery addresses changed in parallel', function (database) {
  this.timeout(60_000)
  const track = useTrack(database)

  const addressMethod = (name: string, session_key: string, params: Record<string, string> = {}) => ({
    method: `front.account.userDeliveryAddress.${name}`,
    params: { session_key, ...params },
  })
  /** A newcomer with as many addresses. */
  const addUser = async (mobile: string, addresses: number) => {
    await track.call('web.passport.sendcode', { mobile })
    const verify_code = await readMessage(track.db, `+86${mobile}`, /(\d{4})/)
    const { body } = await track.call('front.account.login.doSmsLogin', { verify_key: mobile, verify_code })
    const { token, user_id: userId } = (JSON.parse(body) as { data: { token: string; user_id: number } }).data
    for (let at = 0; at < addresses; at++) {
      const { method, params } = addressMethod('add', token)
      await track.call(method, params)
    }
    return { token, userId }
  }
  const rowsOf = (userId: number) =>
    track.db('account_user_delivery_address').where({ user_id: userId }).orderBy('ud_id')
  const defaultsOf = async (userId: number) =>
    (await rowsOf(userId)).filter(({ ud_is_default }) => ud_is_default !== 0)

  it('leave one default of 200 new ones and saved ones that all are to be it', async () => {
    const { token, userId } = await addUser('13900000001', 10)
    const own = (await rowsOf(userId)).map(({ ud_id }) => String(ud_id))
    const calls = Array.from({ length: parallel }, (_, at) => {
      const ud_id = own[at % own.length] ?? ''
      return at % 3 === 0
        ? addressMethod('add', token, { ud_is_default: '1' })
        : addressMethod('save', token, { ud_id, ud_is_default: '1', ud_name: `第 ${at}` })
    })
    const { codes } = await track.race(calls)
    expect(codes).to.deep.equal({ [done]: parallel })
    expect(await defaultsOf(userId)).to.have.length(1)
    expect(await rowsOf(userId)).to.have.length(own.length + Math.ceil(parallel / 3))
  })

  it('leave one default when it is unset and removed besides', async () => {
    const { token, userId } = await addUser('13900000002', 20)
    const own = (await rowsOf(userId)).map(({ ud_id }) => String(ud_id))
    const calls = Array.from({ length: parallel }, (_, at) => {
      const ud_id = own[at % own.length] ?? ''
      if (at % 10 === 0) return addressMethod('remove', token, { ud_id })
      return addressMethod('save', token, { ud_id, ud_is_default: String(at % 2) })
    })
    const { codes } = await track.race(calls)
    expect((codes[done] ?? 0) + (codes[failed] ?? 0)).to.equal(parallel)
    expect((await defaultsOf(userId)).length).to.be.at.most(1)
  })

  it('are 100 of 200 that are added, with one default', async () => {
    const { token, userId } = await addUser('13900000003', 0)
    const calls = Array.from({ length: parallel }, () => addressMethod('add', token, { ud_is_default: '1' }))
    const { codes } = await track.race(calls)
    expect(codes).to.deep.equal({ [done]: 100, [failed]: parallel - 100 })
    expect(await rowsOf(userId)).to.have.length(100)
    expect(await defaultsOf(userId)).to.have.length(1)
  })
})
