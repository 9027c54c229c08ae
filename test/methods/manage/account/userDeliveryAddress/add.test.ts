import { expect } from 'chai'
import { failed, refusal } from '../../../../answers.js'
import {
  addressOf,
  blank,
  defaultsOf,
  home,
  homeFields,
  inCamelCase,
  malformedFields,
} from '../../../front/account/userDeliveryAddress/delivery-addresses.js'
import { prepared } from '../../../../suite.js'
import { forAdministrators, withAdmin } from '../suite.js'

withAdmin('manage.account.userDeliveryAddress.add', ({ gateway, admin, send, ask, refusals }) => {
  const user = prepared(beforeEach, () => gateway.addUser())

  const add = (fields: Record<string, string> = {}) => send({ user_id: String(user.uid), ...fields })
  const rows = () => gateway.db('account_user_delivery_address').where({ user_id: user.uid })

  it('adds an address to a user and answers the whole row', async () => {
    gateway.clock.freeze(Date.UTC(2026, 0, 5, 8))
    const whole = addressOf(await add(homeFields))
    expect(whole).to.deep.equal({ ...home, ud_id: whole.ud_id, user_id: user.uid })
    const empty = addressOf(await add(inCamelCase({ user_id: String(user.uid), ud_id: '1' })))
    expect(empty).to.deep.equal({
      ...blank,
      ud_id: empty.ud_id,
      user_id: user.uid,
      ud_time: '2026-01-05 16:00:00',
    })
    expect(await rows().select()).to.have.length(2)
  })

  it('leaves the user one default: the newest', async () => {
    await add({ ud_is_default: '1' })
    const { ud_id } = addressOf(await add({ ud_is_default: '1' }))
    expect(await defaultsOf(gateway, user.uid)).to.deep.equal([ud_id])
  })

  it('writes it into the audit, without what stands in it', async () => {
    const { ud_id } = addressOf(await add(homeFields))
    const [entry] = await gateway.db('audit_entry').where({ target_id: user.uid })
    expect(entry).to.include({
      action: 'manage.account.userDeliveryAddress.add',
      outcome: 'ok',
      actor_id: admin.uid,
      detail: `ud_id ${ud_id}`,
    })
  })

  it('says which parameter is malformed, and adds nothing', async () => {
    for (const [name, [fields, refused]] of Object.entries(malformedFields))
      expect((await add(fields)).text, name).to.equal(refused)
    for (const user_id of ['', 'x'])
      expect((await add({ user_id })).json?.['msg']).to.match(/^参数错误：user_id: integer /)
    expect((await add({ user_id: '404404' })).text).to.equal(failed)
    expect(await rows().select()).to.deep.equal([])
  })

  it('takes 100 addresses of a user and no more', async () => {
    await gateway
      .db('account_user_delivery_address')
      .insert(Array.from({ length: 100 }, () => ({ user_id: user.uid, ud_name: '旧' })))
    expect((await add()).text).to.equal(refusal(0, '收货地址数量已达上限', 'ADDRESS_LIMIT'))
    expect(await rows().select()).to.have.length(100)
  })

  it('answers in the envelope of the gateway under its method name', async () => {
    const { json } = await gateway.call('manage.account.userDeliveryAddress.add', {
      user_id: String(user.uid),
      session_key: admin.token,
    })
    expect(json?.code).to.equal(200)
    expect(json?.data).to.include({ user_id: user.uid, ud_intl: '+86' })
  })

  it('is for administrators, by POST', async () => {
    const user_id = String(user.uid)
    expect(await refusals('POST', { user_id }, user)).to.deep.equal(forAdministrators)
    expect((await ask({ user_id })).status).to.equal(405)
    expect(await rows().select()).to.deep.equal([])
  })
})
