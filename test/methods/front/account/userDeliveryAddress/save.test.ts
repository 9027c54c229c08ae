import { expect } from 'chai'
import { doneWith, failed, loginRequired, paramRefusal, succeededWith } from '../../../../answers.js'
import {
  addressOf,
  defaultsOf,
  home,
  homeFields,
  inCamelCase,
  longestTexts,
  malformedFields,
  type ShownAddress,
} from './delivery-addresses.js'
import { withClient } from '../account-client.js'
import { prepared } from '../../../../suite.js'

withClient('front.account.userDeliveryAddress.save', (gateway, client) => {
  let token: string
  let address: ShownAddress
  const user = prepared(beforeEach, () => gateway.addUser())
  beforeEach(async () => {
    token = await user.startSession()
    address = addressOf(await client.post('userDeliveryAddress/add', homeFields, token))
  })

  const save = (fields: Record<string, string>) =>
    client.post('userDeliveryAddress/save', { ud_id: String(address.ud_id), ...fields }, token)
  const get = async () =>
    addressOf(await client.get('userDeliveryAddress/get', { ud_id: String(address.ud_id) }, token))

  it('changes the given field only, whichever it is, and answers the row', async () => {
    const changes = [
      ['ud_name', '李四', '李四'],
      ['ud_intl', '852', '+852'],
      ['ud_mobile', '+852 9123 4567', '+852 9123 4567'],
      ['ud_telephone', '123', '123'],
      ['ud_province_id', '11', 11],
      ['ud_city_id', '0', 0],
      ['ud_county_id', '2147483647', 2147483647],
      ['ud_address', '😀', '😀'],
      ['ud_postalcode', '100000', '100000'],
      ['ud_tag_name', '爸妈家', '爸妈家'],
      ['ud_longitude', '-0.25', -0.25],
      ['ud_latitude', '0', 0],
      ['ud_time', '2020-02-29', '2020-02-29 00:00:00'],
      ['ud_is_default', 'false', false],
    ] as const
    let expected: Record<string, unknown> = { ...address }
    for (const [at, [name, text, value]] of changes.entries()) {
      expected = { ...expected, [name]: value }
      const fields = at % 2 === 0 ? { [name]: text } : inCamelCase({ [name]: text })
      expect(addressOf(await save(fields)), name).to.deep.equal(expected)
      expect(await get(), name).to.deep.equal(expected)
    }
    const areas = { ud_province: '北京市', ud_city: '', ud_county: '东城区' }
    expect(addressOf(await save(areas))).to.deep.equal({
      ...expected,
      ...areas,
      district_info: '北京市东城区',
    })
  })

  it('is success when nothing changes', async () => {
    for (const fields of [{}, homeFields, { ud_intl: '86+' }, { ud_is_default: '1' }] as const)
      expect((await save(fields)).text).to.equal(doneWith(JSON.stringify(address)))
  })

  it('clears a text by an empty one; what else is empty stays, and so does an area that is empty as a whole', async () => {
    const area = ['ud_province', 'ud_city', 'ud_county']
    const texts = Object.keys(longestTexts).filter((name) => !area.includes(name))
    const all = Object.fromEntries(Object.keys(homeFields).map((name) => [name, '']))
    const cleared = Object.fromEntries(texts.map((name) => [name, '']))
    for (const nothing of ['', 'null', 'undefined', 'NaN']) {
      await save(homeFields)
      const fields = Object.fromEntries(Object.keys(all).map((name) => [name, nothing]))
      expect(addressOf(await save(fields)), nothing).to.deep.equal({ ...address, ...cleared })
    }
    expect(await get()).to.deep.equal({ ...address, ...cleared })
  })

  it('keeps the country code where none is given', async () => {
    await save({ ud_intl: '852' })
    for (const ud_intl of ['', 'null', 'nowhere', '+999999999'])
      expect(addressOf(await save({ ud_intl }))['ud_intl'], ud_intl).to.equal('+852')
  })

  it('keeps the area where all of it comes empty or 0, as the PC site sends it untouched', async () => {
    const texts = { ud_province: '', ud_city: '', ud_county: '' }
    for (const ids of [
      { ud_province_id: '', ud_city_id: '', ud_county_id: '' },
      { ud_province_id: '0', ud_city_id: '0', ud_county_id: '0' },
      {},
    ])
      expect(addressOf(await save({ ...texts, ...ids, ud_name: '李四' }))).to.deep.equal({
        ...address,
        ud_name: '李四',
      })
    expect(addressOf(await save({ ...texts, ud_province_id: '11' }))).to.include({
      ...texts,
      ud_province_id: 11,
      ud_city_id: address['ud_city_id'],
      district_info: '',
    })
    expect(addressOf(await save({ ...texts, ud_city: '北京市', ud_city_id: '0' }))).to.include({
      ud_province: '',
      ud_city: '北京市',
      ud_county: '',
      ud_city_id: 0,
    })
  })

  it('takes the place of the default before', async () => {
    const second = addressOf(await client.post('userDeliveryAddress/add', {}, token))
    const ud_id = String(second.ud_id)
    expect(addressOf(await save({ ud_id, ud_is_default: 'true' }))['ud_is_default']).to.equal(true)
    expect(await defaultsOf(gateway, user.uid)).to.deep.equal([second.ud_id])
    await save({ ud_id, ud_is_default: 'false' })
    expect(await defaultsOf(gateway, user.uid)).to.deep.equal([])
  })

  it('leaves one default of several that an import has left', async () => {
    for (let at = 0; at < 3; at++) await client.post('userDeliveryAddress/add', {}, token)
    await gateway
      .db('account_user_delivery_address')
      .where({ user_id: user.uid })
      .update({ ud_is_default: 1 })
    await save({ ud_is_default: '1' })
    expect(await defaultsOf(gateway, user.uid)).to.deep.equal([address.ud_id])
  })

  it('says what is malformed, and changes nothing', async () => {
    for (const [name, [fields, refused]] of Object.entries(malformedFields)) {
      const { text } = await save({ ud_name: '改了', ...fields })
      expect(text, name).to.equal(refused)
    }
    expect((await save({ ud_id: '1e3' })).text).to.equal(
      paramRefusal('ud_id: integer from 0 to 9007199254740991'),
    )
    expect(await get()).to.deep.equal({ ...home, ud_id: address.ud_id, user_id: user.uid })
    expect(addressOf(await save(longestTexts))).to.include(longestTexts)
  })

  it('needs an own address, whoever the call says it is', async () => {
    const thief = await (await gateway.addUser()).startSession()
    const stolen = { ud_id: String(address.ud_id), userId: String(user.uid), ud_name: '偷' }
    expect((await client.post('userDeliveryAddress/save', stolen, thief)).text).to.equal(failed)
    expect(await get()).to.deep.equal(address)
    for (const ud_id of ['0', '999999999', '9007199254740991', '', 'null'])
      expect((await save({ ud_id, ud_name: '空' })).text, ud_id).to.equal(failed)
    expect((await client.post('userDeliveryAddress/save', { ud_name: '空' }, token)).text).to.equal(failed)
  })

  it('gives it to nobody else', async () => {
    const other = await gateway.addUser()
    expect(addressOf(await save({ user_id: String(other.uid), userId: String(other.uid) }))).to.deep.equal(
      address,
    )
  })

  it('answers in the envelope of the gateway under its method name', async () => {
    const { text } = await gateway.call('front.account.userDeliveryAddress.save', {
      ud_id: String(address.ud_id),
      session_key: token,
    })
    expect(text).to.equal(succeededWith(JSON.stringify(address)))
  })

  it('needs a login, and POST', async () => {
    const fields = { ud_id: String(address.ud_id), ud_name: '谁' }
    expect((await client.post('userDeliveryAddress/save', fields)).text).to.equal(loginRequired)
    expect((await client.get('userDeliveryAddress/save', fields, token)).status).to.equal(405)
    expect(await get()).to.deep.equal(address)
  })
})
