import { expect } from 'chai'
import { loginRequired, refusal } from '../../../../answers.js'
import {
  addressOf,
  blank,
  defaultsOf,
  home,
  homeFields,
  inCamelCase,
  longestTexts,
  malformedFields,
} from './delivery-addresses.js'
import { withClient } from '../account-client.js'
import { prepared } from '../../../../suite.js'

const now = Date.UTC(2026, 0, 5, 8)

withClient('front.account.userDeliveryAddress.add', (gateway, client) => {
  let token: string
  beforeEach(() => gateway.clock.freeze(now))
  const user = prepared(beforeEach, () => gateway.addUser())
  beforeEach(async () => {
    token = await user.startSession()
  })

  const add = (fields: Record<string, string> = {}) => client.post('userDeliveryAddress/add', fields, token)
  const stored = (udId: number) => gateway.db('account_user_delivery_address').where({ ud_id: udId }).first()

  it('answers the whole row with its id', async () => {
    const answer = await add(homeFields)
    const ids = { ud_id: addressOf(answer).ud_id, user_id: user.uid }
    expect(answer.text).to.equal(
      `{"status":200,"code":0,"msg":"操作成功","data":{"ud_id":${ids.ud_id},"user_id":${user.uid},` +
        '"ud_name":"张三😀","ud_intl":"+86","ud_mobile":"13912345678","ud_telephone":"010-12345678",' +
        '"ud_province_id":44,"ud_city_id":4403,"ud_county_id":440305,"ud_province":"广东省",' +
        '"ud_city":"深圳市","ud_county":"南山区","ud_address":"科技园 1 栋 𠮷 😀","ud_postalcode":"518000",' +
        '"ud_tag_name":"1001","ud_longitude":113.9305,"ud_latitude":22.533,"ud_time":"2026-01-02 03:04:05",' +
        '"ud_is_default":true,"district_info":"广东省深圳市南山区"},"error":null}',
    )
    expect(await stored(ids.ud_id)).to.include({ ...ids, ud_name: '张三😀', ud_address: '科技园 1 栋 𠮷 😀' })
    const got = await client.get('userDeliveryAddress/get', { ud_id: String(ids.ud_id) }, token)
    expect(addressOf(got)).to.deep.equal({ ...home, ...ids })
  })

  it('takes an address of which everything is missing', async () => {
    const address = addressOf(await add())
    expect(address).to.deep.equal({
      ...blank,
      ud_id: address.ud_id,
      user_id: user.uid,
      ud_time: '2026-01-05 16:00:00',
    })
    const empty = Object.fromEntries(Object.keys(homeFields).map((name) => [name, '']))
    const second = addressOf(await add(empty))
    expect(second).to.deep.equal({ ...address, ud_id: second.ud_id })
    for (const word of ['null', 'undefined', 'NaN']) {
      const words = Object.fromEntries(Object.keys(homeFields).map((name) => [name, word]))
      const third = addressOf(await add(words))
      expect(third, word).to.deep.equal({ ...address, ud_id: third.ud_id })
    }
  })

  it('takes both spellings, in the query, in a form and as JSON, on both envelopes', async () => {
    const camel = inCamelCase(homeFields)
    const expected = { ...home, user_id: user.uid }
    const ways = [
      add(camel),
      gateway.request(
        `/front/account/userDeliveryAddress/add?${new URLSearchParams({ ...camel, perm_key: token }).toString()}`,
        { method: 'POST' },
      ),
      gateway.request('/front/account/userDeliveryAddress/add', {
        method: 'POST',
        headers: { 'Content-Type': 'application/json', Authorization: token },
        body: JSON.stringify({ ...home, ud_is_default: true }),
      }),
    ]
    for (const answer of await Promise.all(ways)) {
      const address = addressOf(answer)
      expect(address).to.deep.equal({ ...expected, ud_id: address.ud_id })
    }
    const { json } = await gateway.call('front.account.userDeliveryAddress.add', {
      ...homeFields,
      session_key: token,
    })
    expect(json?.code).to.equal(200)
    expect(json?.data).to.include(expected)
  })

  it('belongs to who calls, and ignores an id and whose it is said to be', async () => {
    const other = await gateway.addUser()
    const first = addressOf(await add())
    const address = addressOf(
      await add({ ud_id: String(first.ud_id), user_id: String(other.uid), userId: String(other.uid) }),
    )
    expect(address.ud_id).not.to.equal(first.ud_id)
    expect(address.user_id).to.equal(user.uid)
  })

  it('reads a country code in all of its forms, and refuses none', async () => {
    const codes = [
      ['86', '+86'],
      ['+86', '+86'],
      ['86+', '+86'],
      [' 86', '+86'],
      ['852', '+852'],
      ['+1', '+1'],
      ['', '+86'],
      ['null', '+86'],
      ['china', '+86'],
      ['+123456789', '+86'],
      ['x'.repeat(300), '+86'],
    ] as const
    for (const [ud_intl, expected] of codes)
      expect(addressOf(await add({ ud_intl }))['ud_intl'], ud_intl).to.equal(expected)
    const { json } = await gateway.request(
      `/front/account/userDeliveryAddress/add?udIntl=+852&perm_key=${token}`,
      { method: 'POST' },
    )
    expect(json?.data).to.include({ ud_intl: '+852' })
  })

  it('takes the words and digits of a default, and the forms of a time', async () => {
    for (const ud_is_default of ['1', 'TRUE', 'on', 'yes'])
      expect(addressOf(await add({ ud_is_default }))['ud_is_default']).to.equal(true)
    for (const ud_is_default of ['0', 'False', 'off', 'no', '', 'undefined'])
      expect(addressOf(await add({ ud_is_default }))['ud_is_default']).to.equal(false)
    for (const ud_time of ['2026-03-04', '20260304', '2026/03/04', String(Date.UTC(2026, 2, 3, 16))])
      expect(addressOf(await add({ ud_time }))['ud_time'], ud_time).to.equal('2026-03-04 00:00:00')
  })

  it('has one default at most: the newest', async () => {
    const first = addressOf(await add({ ud_is_default: '1' }))
    expect(await defaultsOf(gateway, user.uid)).to.deep.equal([first.ud_id])
    await add()
    expect(await defaultsOf(gateway, user.uid)).to.deep.equal([first.ud_id])
    const third = addressOf(await add({ ud_is_default: '1' }))
    expect(await defaultsOf(gateway, user.uid)).to.deep.equal([third.ud_id])
  })

  it("leaves other users' defaults alone", async () => {
    const other = await gateway.addUser()
    const theirs = addressOf(
      await client.post('userDeliveryAddress/add', { ud_is_default: '1' }, await other.startSession()),
    )
    await add({ ud_is_default: '1' })
    expect(await defaultsOf(gateway, other.uid)).to.deep.equal([theirs.ud_id])
  })

  it('takes texts as long as their columns, in characters', async () => {
    expect(addressOf(await add(longestTexts))).to.include(longestTexts)
    for (const ud_mobile of ['123', '+86 139-1234-5678', '(010) 1234'])
      expect(addressOf(await add({ ud_mobile, ud_intl: '1' }))).to.include({ ud_mobile, ud_intl: '+1' })
  })

  it('says what is malformed, and adds nothing', async () => {
    for (const [name, [fields, refused]] of Object.entries(malformedFields)) {
      const { text } = await add({ ...homeFields, ...fields })
      expect(text, name).to.equal(refused)
    }
    const rows = gateway.db('account_user_delivery_address').where({ user_id: user.uid })
    expect(await rows.select()).to.deep.equal([])
  })

  it('takes 100 addresses of a user and no more', async () => {
    for (let at = 0; at < 10; at++)
      for (const answer of await Promise.all(Array.from({ length: 10 }, () => add()))) addressOf(answer)
    expect((await add()).text).to.equal(refusal(0, '收货地址数量已达上限', 'ADDRESS_LIMIT'))
    const answer = await gateway.call('front.account.userDeliveryAddress.add', { session_key: token })
    expect(answer.text).to.equal('{"code":400,"message":"收货地址数量已达上限"}')
    const [udId = 0] = await gateway
      .db('account_user_delivery_address')
      .where({ user_id: user.uid })
      .pluck('ud_id')
    await client.post('userDeliveryAddress/remove', { ud_id: String(udId) }, token)
    addressOf(await add())
  })

  it('is shown in user/info when it is the default', async () => {
    await add({ ud_address: '不是默认' })
    await add(homeFields)
    const { json } = await client.get('user/info', {}, token)
    expect(json?.data).to.include({ ud_address: '科技园 1 栋 𠮷 😀' })
  })

  it('needs a login, and POST', async () => {
    expect((await client.post('userDeliveryAddress/add', homeFields)).text).to.equal(loginRequired)
    const { status, json } = await client.get('userDeliveryAddress/add', homeFields, token)
    expect([status, json?.['error']]).to.deep.equal([405, 'VERB_NOT_ALLOWED'])
  })
})
