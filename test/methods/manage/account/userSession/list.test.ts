import { expect } from 'chai'
import { addAdmin, listOf } from '../administrators.js'
import { prepared } from '../../../../suite.js'
import { withAdmin } from '../suite.js'

interface ShownSession {
  readonly session_id: string
  readonly user_id: number
  readonly start_time: number
  readonly end_time: number
}

withAdmin('manage.account.userSession.list', ({ gateway, admin, path, list, refusesOthers }) => {
  const user = prepared(before, () => gateway.addUser())

  const sessions = async (params: Record<string, string> = {}) => await list<ShownSession>(params)

  it("lists a user's live sessions, what they last and where they came from", async () => {
    gateway.clock.freeze(Date.now())
    const now = gateway.clock.now()
    const token = await user.startSession()
    const { items, records } = await sessions({ user_id: String(user.uid) })
    expect(records).to.equal(1)
    const account = await gateway.db('account_user_base').where({ user_id: user.uid }).first()
    const id = items[0]?.session_id ?? ''
    expect(items).to.deep.equal([
      {
        session_id: id,
        user_id: user.uid,
        user_account: account?.user_account,
        app_name: 'web',
        ip: '127.0.0.1',
        start_time: now,
        end_time: now + 24 * 3_600_000,
      },
    ])
    expect(token).not.to.include(id)
  })

  it('lists everybody, those that last longest first, or as asked', async () => {
    gateway.clock.advance(60_000)
    await user.startSession()
    const ends = (await sessions()).items.map(({ end_time }) => end_time)
    expect(ends).to.have.length(3)
    expect(ends).to.deep.equal([...ends].sort((left, right) => right - left))
    const { items } = await sessions({ sidx: 'start_time', sort: 'asc' })
    expect(items[0]?.user_id).to.equal(admin.uid)
  })

  it('lists none that has ended, by itself or with all of its user', async () => {
    const ofUser = { user_id: String(user.uid) }
    const [first] = (await sessions(ofUser)).items
    await gateway.services.sessions.end(gateway.db, first?.session_id ?? '')
    expect((await sessions(ofUser)).records).to.equal(1)
    await gateway.services.sessions.endAll(gateway.db, user.uid)
    expect((await sessions(ofUser)).records).to.equal(0)
    await user.startSession()
    expect((await sessions(ofUser)).records).to.equal(1)
    gateway.clock.advance(25 * 3_600_000)
    const late = await addAdmin(gateway)
    expect(listOf(await late.get(path, ofUser)).records).to.equal(0)
    expect(listOf(await late.get(path)).records).to.equal(1)
  })

  refusesOthers('GET')
})
