import { expect } from 'chai'
import { changed, paramError } from '../../../answers.js'
import { withGateway } from '../../../suite.js'
import { itChecksUser } from './checks-user.js'

const method = 'web.passport.modifyUserHabits'

withGateway(method, (gateway) => {
  let uid: string
  beforeEach(async () => {
    uid = String((await gateway.addUser()).uid)
  })

  const modify = (change: Record<string, string>) => gateway.call(method, { uid, ...change })
  const habits = async () => (await gateway.call('web.passport.getUserHabits', { uid })).json?.data

  it('stores both habits and answers an empty object', async () => {
    expect(await modify({ shopping: '1,3', dress: '2' })).to.include({ status: 200, text: changed })
    expect(await habits()).to.deep.equal({ uid: Number(uid), shopping: '1,3', dress: '2' })
  })

  it('changes the given habit only; an empty text clears', async () => {
    await modify({ shopping: '1,3', dress: '2' })
    expect((await modify({ dress: '4' })).text).to.equal(changed)
    expect(await habits()).to.include({ shopping: '1,3', dress: '4' })
    expect((await modify({ shopping: '' })).text).to.equal(changed)
    expect((await modify({})).text).to.equal(changed)
    expect(await habits()).to.include({ shopping: '', dress: '4' })
  })

  it('refuses what is longer than 255 characters', async () => {
    expect((await modify({ shopping: 's'.repeat(255), dress: 'd'.repeat(255) })).text).to.equal(changed)
    for (const name of ['shopping', 'dress'])
      expect((await modify({ [name]: 'x'.repeat(256) })).text).to.equal(paramError)
    expect(await habits()).to.include({ shopping: 's'.repeat(255), dress: 'd'.repeat(255) })
  })

  itChecksUser(gateway, method, [{ uid: '' }, { uid: 'abc' }], { dress: '2' })
})
