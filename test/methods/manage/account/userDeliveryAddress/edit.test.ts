import { expect } from 'chai'
import { failed } from '../../../../answers.js'
import type { TestUser } from '../../../../harness.js'
import {
  addressOf,
  defaultsOf,
  homeFields,
  inCamelCase,
  longestTexts,
  malformedFields,
  type ShownAddress,
} from '../../../front/account/userDeliveryAddress/delivery-addresses.js'
import { listOf } from '../administrators.js'
import { prepared } from '../../../../suite.js'
import { forAdministrators, withAdmin } from '../suite.js'

const folder = '/manage/account/userDeliveryAddress'

withAdmin('manage.account.userDeliveryAddress.edit', ({ gateway, admin, send, post, ask, refusals }) => {
  let address: ShownAddress
  const user = prepared(beforeEach, () => gateway.addUser())
  beforeEach(async () => {
    address = await add(user, homeFields)
  })

  const add = async ({ uid }: TestUser, fields: Record<string, string> = {}) =>
    addressOf(await admin.post(`${folder}/add`, { user_id: String(uid), ...fields }))
  const edit = (fields: Record<string, string>) => send({ ud_id: String(address.ud_id), ...fields })
  const shown = async () =>
    listOf<ShownAddress>(await admin.get(`${folder}/list`, { ud_id: String(address.ud_id) })).items[0]

  it('changes the given fields only, and answers the row', async () => {
    const fields = {
      ud_name: '李四',
      ud_intl: '852+',
      ud_city: '',
      ud_latitude: '-1.5',
      ud_is_default: '0',
    }
    const expected = {
      ...address,
      ...fields,
      ud_intl: '+852',
      ud_latitude: -1.5,
      ud_is_default: false,
      district_info: '广东省南山区',
    }
    expect(addressOf(await edit(inCamelCase(fields)))).to.deep.equal(expected)
    expect(await shown()).to.deep.equal(expected)
    expect(addressOf(await edit(longestTexts))).to.include(longestTexts)
  })

  it('fails when nothing changes, or there is no such address', async () => {
    const empty = {
      ud_intl: '',
      ud_city_id: '',
      ud_time: 'null',
      ud_is_default: 'undefined',
      ud_latitude: '',
    }
    const same = [
      {},
      empty,
      homeFields,
      { ud_intl: '86', ud_is_default: 'true' },
      { user_id: String(user.uid) },
    ]
    for (const fields of same as Record<string, string>[]) expect((await edit(fields)).text).to.equal(failed)
    for (const ud_id of ['', '0', '999999999', '9007199254740991'])
      expect((await edit({ ud_id, ud_name: '空' })).text).to.equal(failed)
    expect(await post({ ud_name: '空' })).to.equal(failed)
    expect(await shown()).to.deep.equal(address)
    const audit = gateway.db('audit_entry').where({ target_id: user.uid })
    expect(await audit.pluck('action')).to.deep.equal(['manage.account.userDeliveryAddress.add'])
  })

  it('leaves the user one default', async () => {
    const second = await add(user)
    expect(addressOf(await edit({ ud_id: String(second.ud_id), ud_is_default: '1' }))).to.include({
      ud_is_default: true,
    })
    expect(await defaultsOf(gateway, user.uid)).to.deep.equal([second.ud_id])
  })

  it('gives an address to another user, who still has one default', async () => {
    const other = await gateway.addUser()
    const theirs = await add(other, { ud_is_default: '1' })
    expect(addressOf(await edit({ user_id: String(other.uid) }))).to.deep.equal({
      ...address,
      user_id: other.uid,
    })
    expect(await defaultsOf(gateway, user.uid)).to.deep.equal([])
    expect(await defaultsOf(gateway, other.uid)).to.deep.equal([address.ud_id])
    const back = { ud_id: String(theirs.ud_id), user_id: String(user.uid) }
    expect(addressOf(await edit(back))).to.include({ user_id: user.uid, ud_is_default: false })
    expect(await defaultsOf(gateway, user.uid)).to.deep.equal([])
  })

  it('gives it to nobody who is not there or has 100', async () => {
    expect((await edit({ user_id: '404404' })).text).to.equal(failed)
    const { uid } = await gateway.addUser()
    await gateway
      .db('account_user_delivery_address')
      .insert(Array.from({ length: 100 }, () => ({ user_id: uid, ud_name: '旧' })))
    expect((await edit({ user_id: String(uid) })).json?.['error']).to.equal('ADDRESS_LIMIT')
    expect(await shown()).to.deep.equal(address)
  })

  it('writes which columns changed into the audit, without what stands in them', async () => {
    await edit({ ud_name: '李四', ud_mobile: '13900000000', ud_address: homeFields.ud_address })
    const entries = await gateway
      .db('audit_entry')
      .where({ target_id: user.uid, action: 'manage.account.userDeliveryAddress.edit' })
    expect(entries).to.have.length(1)
    expect(entries[0]).to.include({
      outcome: 'ok',
      actor_id: admin.uid,
      detail: `ud_id ${address.ud_id}: ud_name, ud_mobile`,
    })
  })

  it('says which parameter is malformed, and changes nothing', async () => {
    for (const [name, [fields, refused]] of Object.entries(malformedFields))
      expect((await edit({ ud_name: '改', ...fields })).text, name).to.equal(refused)
    expect((await edit({ user_id: 'x' })).json?.['msg']).to.match(/^参数错误：user_id: integer /)
    expect(await shown()).to.deep.equal(address)
  })

  it('answers in the envelope of the gateway under its method name', async () => {
    const params = { ud_id: String(address.ud_id), ud_name: '李四', session_key: admin.token }
    const { json } = await gateway.call('manage.account.userDeliveryAddress.edit', params)
    expect(json?.code).to.equal(200)
    expect(json?.data).to.deep.equal({ ...address, ud_name: '李四' })
  })

  it('is for administrators, by POST: not even for whose address it is', async () => {
    const fields = { ud_id: String(address.ud_id), ud_name: '谁' }
    expect(await refusals('POST', fields, user)).to.deep.equal(forAdministrators)
    expect((await ask(fields)).status).to.equal(405)
    expect(await shown()).to.deep.equal(address)
  })
})
