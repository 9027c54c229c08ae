import { expect } from 'chai'
import { failed, paramRefusal } from '../../../../answers.js'
import { addressOf, home, homeFields } from './delivery-addresses.js'
import { itNeedsLogin, withClient } from '../account-client.js'

withClient('front.account.userDeliveryAddress.get', (gateway, client) => {
  const get = (fields: Record<string, string>, token?: string) =>
    client.get('userDeliveryAddress/get', fields, token)

  it('answers an own address, on both envelopes', async () => {
    const user = await gateway.addUser()
    const token = await user.startSession()
    const { ud_id } = addressOf(await client.post('userDeliveryAddress/add', homeFields, token))
    const whole = { ...home, ud_id, user_id: user.uid }
    for (const fields of [{ ud_id: String(ud_id) }, { udId: String(ud_id), userId: '1' }] as const)
      expect(addressOf(await get(fields, token))).to.deep.equal(whole)
    const params = { ud_id: String(ud_id), session_key: token }
    const { json } = await gateway.call('front.account.userDeliveryAddress.get', params)
    expect([json?.code, json?.data]).to.deep.equal([200, whole])
  })

  it("answers nobody else's, and none that is not there", async () => {
    const [user, other] = [await gateway.addUser(), await gateway.addUser()]
    const token = await user.startSession()
    const { ud_id } = addressOf(await client.post('userDeliveryAddress/add', {}, await other.startSession()))
    const theirs = { ud_id: String(ud_id), userId: String(other.uid), user_id: String(other.uid) }
    expect((await get(theirs, token)).text).to.equal(failed)
    for (const none of ['0', '999999999', '9007199254740991', '', 'undefined'])
      expect((await get({ ud_id: none }, token)).text, none).to.equal(failed)
    expect((await get({}, token)).text).to.equal(failed)
    for (const text of ['x', '-1', '1 or 1=1', '9007199254740992'])
      expect((await get({ ud_id: text }, token)).text, text).to.equal(
        paramRefusal('ud_id: integer from 0 to 9007199254740991'),
      )
  })

  it('shows what imported rows hold: nulls, and a country code in any form', async () => {
    const user = await gateway.addUser()
    const row = { user_id: user.uid, ud_name: '旧', ud_intl: '86', ud_time: null }
    const [ud_id = 0] = await gateway.db('account_user_delivery_address').insert(row)
    const address = addressOf(await get({ ud_id: String(ud_id) }, await user.startSession()))
    expect(address).to.include({ ud_intl: '+86', ud_time: null, ud_is_default: false, district_info: '' })
  })

  itNeedsLogin(() => get({ ud_id: '1' }))
})
