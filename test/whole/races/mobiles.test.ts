import { expect } from 'chai'
import { onEachDatabase } from '../../servers/databases.js'
import { useTrack } from './track.js'

const parallel = 200
const done = 200
const taken = 404
const notChecked = 411

onEachDatabase('one number taken by many users in parallel', function (database) {
  this.timeout(60_000)
  const track = useTrack(database)

  const takeNumber = async (mobile: string, users: number) => {
    const ids = await track.addUsers(users)
    expect((await track.call('web.passport.checkVerifyMobile', { mobile })).code).to.equal(200)
    const race = await track.race(
      Array.from({ length: parallel }, (_, at) => ({
        method: 'web.passport.changeVerifyMobile',
        params: { uid: String(ids[at % users]), newMobile: mobile },
      })),
    )
    const owners = await track.db('user_identity').where({ kind: 'mobile', value: `+86${mobile}` })
    const holders = await track.db('account_user_info').where({ user_mobile: mobile })
    return { ...race, owners, holders }
  }

  it('belongs to one of 200 users', async () => {
    const { codes, owners, holders } = await takeNumber('13900000001', 200)
    expect(codes[done]).to.equal(1)
    expect((codes[taken] ?? 0) + (codes[notChecked] ?? 0)).to.equal(parallel - 1)
    expect(owners).to.have.length(1)
    expect(holders.map(({ user_id }) => user_id)).to.deep.equal(owners.map(({ user_id }) => user_id))
  })

  it('belongs to one of 20 users who ask ten times each', async () => {
    const { codes, owners, holders } = await takeNumber('13900000002', 20)
    expect(codes[done]).to.equal(1)
    expect((codes[taken] ?? 0) + (codes[notChecked] ?? 0)).to.equal(parallel - 1)
    expect(owners).to.have.length(1)
    expect(holders.map(({ user_id }) => user_id)).to.deep.equal(owners.map(({ user_id }) => user_id))
  })
})
