import { expect } from 'chai'
import { done, failed } from '../../../../answers.js'
import { addressOf } from '../../../front/account/userDeliveryAddress/delivery-addresses.js'
import { prepared } from '../../../../suite.js'
import { forAdministrators, withAdmin } from '../suite.js'

const folder = '/manage/account/userDeliveryAddress'

withAdmin('manage.account.userDeliveryAddress.remove', ({ gateway, admin, post, ask, refusals }) => {
  const user = prepared(before, () => gateway.addUser())

  const add = async () =>
    String(addressOf(await admin.post(`${folder}/add`, { user_id: String(user.uid) })).ud_id)
  const remove = (fields: Record<string, string>) => post(fields)
  const ids = async () => (await gateway.db('account_user_delivery_address').pluck('ud_id')).map(String)

  it("removes any user's address, once, and writes it into the audit", async () => {
    const [kept, first, second, third] = [await add(), await add(), await add(), await add()]
    expect(await remove({ ud_id: first })).to.equal(done)
    expect(await remove({ ud_id: first })).to.equal(failed)
    expect(await remove({ udId: second })).to.equal(done)
    const params = { ud_id: third, session_key: admin.token }
    const { json } = await gateway.call('manage.account.userDeliveryAddress.remove', params)
    expect(json?.code).to.equal(200)
    expect(await ids()).to.deep.equal([kept])
    const action = 'manage.account.userDeliveryAddress.remove'
    const entries = await gateway.db('audit_entry').where({ action }).orderBy('audit_id')
    expect(entries.map(({ detail }) => detail)).to.deep.equal(
      [first, second, third].map((id) => `ud_id ${id}`),
    )
    expect(entries[0]).to.include({ outcome: 'ok', actor_id: admin.uid, target_id: user.uid })
  })

  it('needs one that is there', async () => {
    const kept = await add()
    for (const ud_id of ['', '0', '999999999', 'null']) expect(await remove({ ud_id })).to.equal(failed)
    expect(await remove({})).to.equal(failed)
    expect(await remove({ ud_id: `${kept},1` })).to.include('"code":300,"msg":"参数错误：ud_id: integer ')
    expect(await ids()).to.include(kept)
  })

  it('is for administrators, by POST', async () => {
    const ud_id = await add()
    expect(await refusals('POST', { ud_id }, user)).to.deep.equal(forAdministrators)
    expect((await ask({ ud_id })).status).to.equal(405)
    expect(await ids()).to.include(ud_id)
  })
})
