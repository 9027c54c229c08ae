import { expect } from 'chai'
import { onEachDatabase } from '../../../servers/databases.js'
import { readMessage } from '../messages.js'
import { useTrack } from '../track.js'

const done = 200
const wrongCode = 404

onEachDatabase('one number registered in parallel', function (database) {
  this.timeout(60_000)
  const track = useTrack(database)

  const receiveCode = async (mobile: string) => {
    expect((await track.call('web.passport.sendcode', { mobile })).code).to.equal(200)
    return readMessage(track.db, `+86${mobile}`, /(\d{4})/)
  }
  const usersOf = async (mobile: string) => {
    const identities = await track.db('user_identity').where({ kind: 'mobile', value: `+86${mobile}` })
    const holders = await track.db('account_user_info').where({ user_mobile: mobile })
    expect(holders.map(({ user_id }) => user_id)).to.deep.equal(identities.map(({ user_id }) => user_id))
    const [owner] = identities
    return { count: identities.length, userId: owner?.user_id ?? 0 }
  }

  it('makes one user of 60 registrations with one code', async () => {
    const mobile = '13900000001'
    const verify_code = await receiveCode(mobile)
    const params = { bind_type: '1', verify_key: mobile, verify_code, password: 'secret of all' }
    const call = { method: 'front.account.login.register', params }
    const { codes } = await track.race(Array.from({ length: 60 }, () => call))
    expect(codes).to.deep.equal({ [done]: 1, [wrongCode]: 59 })
    const { count, userId } = await usersOf(mobile)
    expect(count).to.equal(1)
    expect(await track.db('user_session').where({ user_id: userId })).to.have.length(1)
  })

  it('makes one user and one session of 40 sign-ins with one code', async () => {
    const mobile = '13900000002'
    const verify_code = await receiveCode(mobile)
    const call = { method: 'front.account.login.doSmsLogin', params: { verify_key: mobile, verify_code } }
    const { codes } = await track.race(Array.from({ length: 40 }, () => call))
    expect(codes).to.deep.equal({ [done]: 1, [wrongCode]: 39 })
    const { count, userId } = await usersOf(mobile)
    expect(count).to.equal(1)
    expect(await track.db('user_session').where({ user_id: userId })).to.have.length(1)
  })

  it('compares five of 60 wrong passwords of a name that nobody has', async () => {
    const calls = Array.from({ length: 60 }, (_, at) => ({
      method: 'front.account.login.login',
      params: { user_account: 'nobody-of-this-name', password: `guess number ${at}` },
    }))
    const { codes, seconds } = await track.race(calls)
    const pausesOver = Math.floor(Math.log2(seconds + 1))
    expect(codes[10012]).to.be.within(5, 5 + pausesOver)
    expect((codes[10012] ?? 0) + (codes[10013] ?? 0)).to.equal(60)
  })
})
