import { expect } from 'chai'
import { writeSignInRecords } from '../../../../methods/rules/accounts/sign-in-records.js'
import { auditEntry } from '../../../../methods/rules/audit.js'
import { statementsDuring } from '../../../db/statements.js'
import { withGateway } from '../../../suite.js'

const noon = Date.UTC(2026, 0, 5, 4)

withGateway('records of sign-ins', (gateway) => {
  const recordOf = (userId: number, second: number, isCounted = false) => {
    const call = { action: 'test', session: undefined, ip: `192.0.2.${second}` }
    return {
      audit: auditEntry(gateway.services, call, { actorId: userId, targetId: userId }),
      signedIn: { userId, account: `account${userId}`, ip: call.ip, at: noon + second * 1000 },
      isCounted,
    }
  }
  const addUsers = (...userIds: readonly number[]) =>
    gateway.services
      .db('account_user_base')
      .insert(userIds.map((user_id) => ({ user_id, user_account: `account${user_id}` })))
  const loginOf = (userId: number) =>
    gateway.services.db('account_user_login').where({ user_id: userId }).first()

  it('are rows of the audit and the history, and count in the row of each user', async () => {
    const { db } = gateway.services
    await addUsers(21, 22)
    await db('account_user_login').insert([
      { user_id: 21, user_count_login: 4 },
      { user_id: 22, user_count_login: 0 },
    ])
    const records = [recordOf(21, 1), recordOf(22, 2), recordOf(21, 3), recordOf(22, 4, true)]
    await writeSignInRecords(gateway.services, records)
    expect(await loginOf(21)).to.include({
      user_count_login: 6,
      user_active_time: noon + 3000,
      user_lastlogin_time: noon + 3000,
      user_lastlogin_ip: '192.0.2.3',
    })
    expect(await loginOf(22)).to.include({ user_count_login: 1, user_lastlogin_ip: '192.0.2.2' })
    const history = db('account_user_login_history').whereIn('user_id', [21, 22]).orderBy('user_login_time')
    expect(await history.pluck('user_login_ip')).to.deep.equal([1, 2, 3, 4].map((n) => `192.0.2.${n}`))
    expect(await db('audit_entry').where({ action: 'test' })).to.have.length(4)
  })

  it('that come after later ones count, but do not show', async () => {
    const { db } = gateway.services
    await addUsers(23)
    await db('account_user_login').insert({ user_id: 23 })
    await writeSignInRecords(gateway.services, [recordOf(23, 9)])
    await writeSignInRecords(gateway.services, [recordOf(23, 5)])
    expect(await loginOf(23)).to.include({
      user_count_login: 2,
      user_active_time: noon + 9000,
      user_lastlogin_time: noon + 9000,
      user_lastlogin_ip: '192.0.2.9',
    })
  })

  it('leave nothing but the audit of who is gone', async () => {
    const { db } = gateway.services
    await writeSignInRecords(gateway.services, [recordOf(24, 1)])
    expect(await loginOf(24)).to.equal(undefined)
    expect(await db('account_user_login_history').where({ user_id: 24 })).to.deep.equal([])
    expect(await db('audit_entry').where({ target_id: 24 })).to.have.length(1)
  })

  it('are written by their own call while too many wait', async () => {
    const { services } = gateway
    const user = await gateway.addUser()
    const account = (await services.db('account_user_base').where({ user_id: user.uid }).first())
      ?.user_account
    const asBefore = { ...services.signInRecords }
    Object.assign(services.signInRecords, { add: () => false })
    try {
      const query = new URLSearchParams({ user_account: account ?? '', password: user.password })
      const { json } = await gateway.request(`/front/account/login/login?${query.toString()}`)
      expect(json).to.include({ status: 200, code: 0 })
    } finally {
      Object.assign(services.signInRecords, asBefore)
    }
    expect(await services.db('account_user_login_history').where({ user_id: user.uid })).to.have.length(1)
    expect(await services.db('audit_entry').where({ target_id: user.uid })).to.have.length(1)
  })

  it('of twenty users are six statements', async () => {
    await addUsers(...Array.from({ length: 20 }, (_, at) => 1000 + at))
    const records = Array.from({ length: 20 }, (_, at) => recordOf(1000 + at, at))
    const { statements } = await statementsDuring(gateway.services.db, () =>
      writeSignInRecords(gateway.services, records),
    )
    expect(statements).to.have.length(6)
  })
})
