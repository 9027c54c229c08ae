import { expect } from 'chai'
import { authentication } from '../../../../db/user-certificates.js'
import { done, failed } from '../../../answers.js'
import { addAdmin, addOfficer } from '../../manage/account/administrators.js'
import { prepared, withGateway } from '../../../suite.js'

const mine = ['user/edit', 'user/reviewCertificate', 'userInfo/edit', 'userInfo/editState', 'userInfo/remove']

withGateway('the ranks of administrators', (gateway) => {
  const leader = prepared(before, () => addAdmin(gateway))
  const officer = prepared(before, () => addOfficer(gateway, ...mine))
  const post = (by: typeof leader, path: string, { uid }: { uid: number }, params: Record<string, string>) =>
    by.post(`/manage/account/${path}`, { user_id: String(uid), ...params })

  it('keep the state, certificate, password and row of one above from one below', async () => {
    const attempts = [
      ['user/edit', { user_state: '0' }],
      ['userInfo/edit', { user_state: '0' }],
      ['userInfo/editState', { user_is_authentication: '2' }],
      ['user/reviewCertificate', { passed: 'true' }],
      ['userInfo/passWordEdit', { user_password: 'taken over' }],
    ] as const
    const rowOf = () => gateway.db('account_user_info').where({ user_id: leader.uid }).first()
    await gateway
      .db('account_user_info')
      .where({ user_id: leader.uid })
      .update({ user_is_authentication: authentication.waiting })
    const before = await rowOf()
    for (const [path, params] of attempts)
      expect((await post(officer, path, leader, params)).text, path).to.equal(failed)
    expect(await rowOf()).to.deep.equal(before)
    expect((await post(officer, 'userInfo/remove', leader, {})).json?.['error']).to.equal(
      'ADMINISTRATOR_STAYS',
    )
  })

  it('keep the sessions, the number and the address of one above from one below', async () => {
    const { db } = gateway.services
    const officer = await addOfficer(gateway, 'userInfo/edit', 'userSession/revoke')
    const rowOf = () => db('account_user_info').where({ user_id: leader.uid }).first()
    const before = await rowOf()
    const contacts = [{ user_email: 'taken@example.com' }, { user_intl: '+86', user_mobile: '13612340001' }]
    for (const contact of contacts)
      expect((await post(officer, 'userInfo/edit', leader, contact)).text).to.equal(failed)
    expect(await rowOf()).to.deep.equal(before)
    const [session] = await db('user_session').where({ user_id: leader.uid })
    const ended = (params: Record<string, string>) =>
      officer.post('/manage/account/userSession/revoke', params)
    expect((await ended({ user_id: String(leader.uid) })).text).to.equal(failed)
    expect((await ended({ session_id: session?.token_id ?? '' })).text).to.equal(failed)
    const below = await addOfficer(gateway, 'userSession/revoke')
    expect((await post(leader, 'userInfo/edit', below, { user_email: 'new@example.com' })).text).to.equal(
      done,
    )
    const again = await addOfficer(gateway, 'userSession/revoke')
    expect((await ended({ user_id: String(again.uid) })).text).to.equal(done)
  })

  it('keep nobody from those whose role includes no more than their own', async () => {
    const below = await addOfficer(gateway, 'user/edit')
    expect((await post(officer, 'user/edit', below, { user_state: '0' })).text).to.equal(done)
    expect((await post(leader, 'user/edit', officer, { user_state: '2' })).text).to.equal(done)
    const aside = await addOfficer(gateway, 'userLevel/add')
    const another = await addOfficer(gateway, ...mine)
    expect((await post(another, 'user/edit', aside, { user_state: '0' })).text).to.equal(failed)
    expect((await post(another, 'userInfo/remove', aside, {})).text).to.equal(failed)
  })

  it('let nobody judge their own certificate, but set their own password', async () => {
    const own = await addOfficer(gateway, ...mine)
    await gateway
      .db('account_user_info')
      .where({ user_id: own.uid })
      .update({ user_is_authentication: authentication.waiting })
    expect((await post(own, 'userInfo/editState', own, { user_is_authentication: '2' })).text).to.equal(
      failed,
    )
    expect((await post(own, 'userInfo/passWordEdit', own, { user_password: 'a new one' })).text).to.equal(
      done,
    )
  })
})
