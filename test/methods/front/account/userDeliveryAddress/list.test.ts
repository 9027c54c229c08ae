import { expect } from 'chai'
import { doneWith, pageTooLarge } from '../../../../answers.js'
import type { TestUser } from '../../../../harness.js'
import { listOf } from '../../../manage/account/administrators.js'
import { addressOf, home, homeFields, inCamelCase, type ShownAddress } from './delivery-addresses.js'
import { itNeedsLogin, withClient } from '../account-client.js'
import { prepared } from '../../../../suite.js'

const path = 'userDeliveryAddress/list'

withClient('front.account.userDeliveryAddress.list', (gateway, client) => {
  let token: string
  let stranger: TestUser
  /** Added in this order: of January, of March, of February and the default. */
  let addresses: ShownAddress[]
  const user = prepared(before, () => gateway.addUser())
  before(async () => {
    token = await user.startSession()
    stranger = await gateway.addUser()
    const times = { ud_is_default: '1', ud_time: '2026-02-01 10:00:00' }
    await client.post('userDeliveryAddress/add', { ...homeFields, ...times }, await stranger.startSession())
    addresses = [
      await add({ ...homeFields, ud_is_default: '0', ud_time: '2026-01-01 08:00:00' }),
      await add({ ud_name: '李_四', ud_intl: '852', ud_time: '2026-03-01 08:00:00' }),
      await add({ ud_name: '王%五', ud_mobile: '+1 23', ud_is_default: '1', ud_time: '2026-02-01 08:00:00' }),
    ]
  })

  const add = async (fields: Record<string, string>) =>
    addressOf(await client.post('userDeliveryAddress/add', fields, token))
  const list = (params: Record<string, string> = {}, as = token) => client.get(path, params, as)
  const idsOf = (...at: number[]) => at.map((index) => addresses[index]?.ud_id)
  const ids = async (params: Record<string, string>) =>
    listOf<ShownAddress>(await list(params)).items.map(({ ud_id }) => ud_id)

  it('answers all own addresses when no size is given, the default first, then the newest', async () => {
    const [january, march, february] = addresses
    const { text } = await list()
    const items = JSON.stringify([february, march, january])
    expect(text).to.equal(doneWith(`{"items":${items},"page":1,"size":100,"records":3,"total":1}`))
    for (const size of ['', 'null', 'undefined']) expect(await ids({ size })).to.deep.equal(idsOf(2, 1, 0))
  })

  it('answers more than ten without a size, and pages with one', async () => {
    const many = await gateway.addUser()
    const theirs = await many.startSession()
    await Promise.all(Array.from({ length: 25 }, () => client.post('userDeliveryAddress/add', {}, theirs)))
    expect(listOf(await list({}, theirs)).items).to.have.length(25)
    const pages = await Promise.all(['1', '2', '3', '4'].map((page) => list({ page, size: '10' }, theirs)))
    const shown = pages.map((page) => listOf<ShownAddress>(page))
    expect(
      shown.map(({ items, page, size, records, total }) => [items.length, page, size, records, total]),
    ).to.deep.equal([
      [10, 1, 10, 25, 3],
      [10, 2, 10, 25, 3],
      [5, 3, 10, 25, 3],
      [0, 4, 10, 25, 3],
    ])
    const all = shown.flatMap(({ items }) => items.map(({ ud_id }) => ud_id))
    expect(new Set(all).size).to.equal(25)
    expect((await list({ size: '501' })).text).to.equal(pageTooLarge)
  })

  it("is empty for who has none, and never shows another's, whoever the call names", async () => {
    const nobody = await (await gateway.addUser()).startSession()
    const { items, records, total } = listOf(await list({ userId: String(user.uid) }, nobody))
    expect({ items, records, total }).to.deep.equal({ items: [], records: 0, total: 0 })
    const named = [
      { userId: String(stranger.uid) },
      { user_id: String(stranger.uid) },
      { 'like[0].column': 'ud_name', 'like[0].like': '张' },
    ]
    for (const params of named)
      for (const { user_id } of listOf<ShownAddress>(await list(params)).items)
        expect(user_id).to.equal(user.uid)
    expect(await ids({ userId: String(stranger.uid) })).to.have.length(3)
  })

  const filters = {
    ...homeFields,
    ud_is_default: '0',
    ud_time: '2026-01-01 08:00:00',
    ud_longitude: '113.9305',
  }
  for (const [name, value] of Object.entries(filters)) {
    it(`filters by ${name}`, async () => {
      const whose = name === 'ud_intl' ? [2, 0] : name === 'ud_is_default' ? [1, 0] : [0]
      expect(await ids({ [name]: value })).to.deep.equal(idsOf(...whose))
      expect(await ids(inCamelCase({ [name]: value }))).to.deep.equal(idsOf(...whose))
      expect(await ids({ [name]: '' })).to.deep.equal(idsOf(2, 1, 0))
    })
  }

  it('filters by ud_id, and by several at once', async () => {
    const [january] = addresses
    const ud_id = String(january?.ud_id)
    expect(await ids({ ud_id })).to.deep.equal(idsOf(0))
    expect(await ids({ udId: ud_id, ud_name: '李_四' })).to.deep.equal([])
    expect(await ids({ ud_is_default: 'true' })).to.deep.equal(idsOf(2))
    expect(await ids({ ud_is_default: 'true', ud_name: '王%五' })).to.deep.equal(idsOf(2))
    expect(await ids({ ud_province_id: '9007199254740991' })).to.deep.equal([])
    for (const attack of ["' or 1=1 --", '%', '_', '\\'])
      expect(await ids({ ud_name: attack }), attack).to.deep.equal([])
  })

  it('finds a country code in each of its forms, those of imported rows too', async () => {
    const [january] = addresses
    const old = (ud_intl: string) =>
      gateway
        .db('account_user_delivery_address')
        .where({ ud_id: january?.ud_id ?? 0 })
        .update({ ud_intl })
    for (const stored of ['86', '86+', '+86']) {
      await old(stored)
      for (const ud_intl of ['86', '+86', '86+', ' 86'])
        expect(await ids({ ud_intl }), `${stored} by ${ud_intl}`).to.deep.equal(idsOf(2, 0))
    }
    expect(await ids({ ud_intl: '852' })).to.deep.equal(idsOf(1))
    expect(await ids({ ud_intl: 'nowhere' })).to.deep.equal([])
  })

  it('sorts by every column, and names one that is none', async () => {
    expect(await ids({ sidx: 'ud_time', sort: 'asc' })).to.deep.equal(idsOf(0, 2, 1))
    expect(await ids({ sidx: 'udTime', sort: 'desc' })).to.deep.equal(idsOf(1, 2, 0))
    expect(
      await ids({ 'order[0].sidx': 'ud_is_default', 'order[0].sort': 'asc', 'order[1].sidx': 'ud_id' }),
    ).to.deep.equal(idsOf(1, 0, 2))
    for (const sidx of Object.keys({ ...home, ud_id: 0, user_id: 0 }))
      if (sidx !== 'district_info') expect(await ids({ sidx }), sidx).to.have.length(3)
    expect((await list({ sidx: 'user_password' })).json?.['msg']).to.match(
      /^参数错误：sidx: user_password is none of ud_id, user_id, /,
    )
  })

  it('searches for a part of a text', async () => {
    const search = (column: string, like: string) => ids({ 'like[0].column': column, 'like[0].like': like })
    expect(await search('ud_name', '_')).to.deep.equal(idsOf(1))
    expect(await search('udName', '%')).to.deep.equal(idsOf(2))
    expect(await search('ud_address', '科技')).to.deep.equal(idsOf(0))
    expect(await search('ud_mobile', '1 2')).to.deep.equal(idsOf(2))
    expect(await search('ud_name', '')).to.have.length(3)
  })

  it('bounds the time they were added', async () => {
    const bounds = { createTimeStart: '2026-01-01', createTimeEnd: '2026-02-01' }
    expect(await ids(bounds)).to.deep.equal(idsOf(2, 0))
    expect(await ids({ ...bounds, createTimeEnd: '2026-02-01 08:00:00' })).to.deep.equal(idsOf(2, 0))
    expect(await ids({ ...bounds, createTimeEnd: '2026-02-01 07:59:59' })).to.deep.equal(idsOf(0))
    expect(await ids({ create_time_start: '2026-02-01 08:00:00' })).to.deep.equal(idsOf(2, 1))
    expect(await ids({ createTimeStart: '2026-02-01 08:00:01' })).to.deep.equal(idsOf(1))
    expect(await ids({ createTimeEnd: '9999-12-31' })).to.have.length(3)
  })

  it('answers in the envelope of the gateway under its method name', async () => {
    const { json } = await gateway.call('front.account.userDeliveryAddress.list', { session_key: token })
    expect(json?.code).to.equal(200)
    expect(json?.data).to.include({ page: 1, size: 100, records: 3, total: 1 })
  })

  itNeedsLogin(() => client.get(path))
})
