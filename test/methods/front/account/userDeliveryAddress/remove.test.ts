import { expect } from 'chai'
import { done, failed, loginRequired, paramRefusal } from '../../../../answers.js'
import { addressOf } from './delivery-addresses.js'
import { withClient } from '../account-client.js'
import { prepared } from '../../../../suite.js'

withClient('front.account.userDeliveryAddress.remove', (gateway, client) => {
  let token: string
  const user = prepared(before, () => gateway.addUser())
  before(async () => {
    token = await user.startSession()
  })

  const add = async () => String(addressOf(await client.post('userDeliveryAddress/add', {}, token)).ud_id)
  const remove = async (fields: Record<string, string>, as = token) =>
    (await client.post('userDeliveryAddress/remove', fields, as)).text
  const ids = async () => (await gateway.db('account_user_delivery_address').pluck('ud_id')).map(String)

  it('removes an own address, once', async () => {
    const [kept, first, second, third] = [await add(), await add(), await add(), await add()]
    expect(await remove({ ud_id: first })).to.equal(done)
    expect(await remove({ ud_id: first })).to.equal(failed)
    expect(await remove({ udId: second })).to.equal(done)
    const params = { ud_id: third, session_key: token }
    const { json } = await gateway.call('front.account.userDeliveryAddress.remove', params)
    expect(json?.code).to.equal(200)
    expect(await ids()).to.deep.equal([kept])
  })

  it('removes it once of ten times asked at a time', async () => {
    const ud_id = await add()
    const answers = await Promise.all(Array.from({ length: 10 }, () => remove({ ud_id })))
    expect(answers.filter((text) => text === done)).to.have.length(1)
    expect(answers.filter((text) => text === failed)).to.have.length(9)
  })

  it("removes nobody else's, and needs one that is there", async () => {
    const ud_id = await add()
    const thief = await (await gateway.addUser()).startSession()
    expect(await remove({ ud_id, userId: String(user.uid) }, thief)).to.equal(failed)
    for (const none of ['', '0', '999999999', 'null']) expect(await remove({ ud_id: none })).to.equal(failed)
    expect(await remove({})).to.equal(failed)
    expect(await remove({ ud_id: `${ud_id},${ud_id}` })).to.equal(
      paramRefusal('ud_id: integer from 0 to 9007199254740991'),
    )
    expect(await ids()).to.include(ud_id)
  })

  it('needs a login, and POST', async () => {
    const ud_id = await add()
    expect((await client.post('userDeliveryAddress/remove', { ud_id })).text).to.equal(loginRequired)
    expect((await client.get('userDeliveryAddress/remove', { ud_id }, token)).status).to.equal(405)
    expect(await ids()).to.include(ud_id)
  })
})
