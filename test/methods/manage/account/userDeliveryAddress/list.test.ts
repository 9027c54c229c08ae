import { expect } from 'chai'
import { doneWith } from '../../../../answers.js'
import type { TestUser } from '../../../../harness.js'
import {
  addressOf,
  home,
  homeFields,
  inCamelCase,
  type ShownAddress,
} from '../../../front/account/userDeliveryAddress/delivery-addresses.js'
import { listOf } from '../administrators.js'
import { forAdministrators, withAdmin } from '../suite.js'

withAdmin('manage.account.userDeliveryAddress.list', ({ gateway, admin, ask, refusals }) => {
  let users: TestUser[]
  /** Two of the first user and one of the second. */
  let addresses: ShownAddress[]
  before(async () => {
    users = [await gateway.addUser(), await gateway.addUser()]
    addresses = [
      await add(0, { ...homeFields, ud_is_default: '0' }),
      await add(0, { ud_name: '李四', ud_intl: '852', ud_is_default: '1', ud_time: '2026-02-01' }),
      await add(1, { ud_name: '王五', ud_intl: '852', ud_is_default: '1', ud_time: '2026-03-01' }),
    ]
  })

  const add = async (whose: number, fields: Record<string, string>) =>
    addressOf(
      await admin.post('/manage/account/userDeliveryAddress/add', {
        user_id: String(users[whose]?.uid),
        ...fields,
      }),
    )
  const list = (params: Record<string, string> = {}) => ask(params)
  const idsOf = (...at: number[]) => at.map((index) => addresses[index]?.ud_id)
  const ids = async (params: Record<string, string>) =>
    listOf<ShownAddress>(await list(params)).items.map(({ ud_id }) => ud_id)

  it('shows the addresses of all users, the newest first, ten on a page', async () => {
    const items = JSON.stringify(addresses.toReversed())
    expect((await list()).text).to.equal(
      doneWith(`{"items":${items},"page":1,"size":10,"records":3,"total":1}`),
    )
    const { items: second, records, total } = listOf<ShownAddress>(await list({ size: '2', page: '2' }))
    expect([second.map(({ ud_id }) => ud_id), records, total]).to.deep.equal([idsOf(0), 3, 2])
    expect((await list({ size: '501' })).json?.['msg']).to.equal('分页数量最大500条')
  })

  const { ud_is_default: _, ...filters } = homeFields
  for (const [name, value] of Object.entries(filters)) {
    it(`filters by ${name}`, async () => {
      expect(await ids({ [name]: value })).to.deep.equal(idsOf(0))
      expect(await ids(inCamelCase({ [name]: value }))).to.deep.equal(idsOf(0))
      expect(await ids({ [name]: '' })).to.have.length(3)
    })
  }

  it('filters by ud_id, user_id and ud_is_default', async () => {
    expect(await ids({ ud_id: String(addresses[1]?.ud_id) })).to.deep.equal(idsOf(1))
    expect(await ids({ udId: String(addresses[1]?.ud_id) })).to.deep.equal(idsOf(1))
    for (const name of ['user_id', 'userId']) {
      expect(await ids({ [name]: String(users[0]?.uid) })).to.deep.equal(idsOf(1, 0))
      expect(await ids({ [name]: '404404' })).to.deep.equal([])
    }
    for (const name of ['ud_is_default', 'udIsDefault']) {
      expect(await ids({ [name]: 'true' })).to.deep.equal(idsOf(2, 1))
      expect(await ids({ [name]: '0' })).to.deep.equal(idsOf(0))
    }
    expect(await ids({ user_id: String(users[1]?.uid), ud_is_default: '1' })).to.deep.equal(idsOf(2))
    expect((await list({ user_id: 'x' })).json?.['msg']).to.match(/^参数错误：user_id: integer /)
  })

  it('sorts, searches and bounds the time', async () => {
    expect(await ids({ sidx: 'ud_time', sort: 'asc' })).to.deep.equal(idsOf(0, 1, 2))
    for (const sidx of Object.keys({ ...home, ud_id: 0, user_id: 0 }))
      if (sidx !== 'district_info') expect(await ids({ sidx }), sidx).to.have.length(3)
    expect(await ids({ 'like[0].column': 'ud_name', 'like[0].like': '五' })).to.deep.equal(idsOf(2))
    const like = { 'like[0].column': 'ud_address', 'like[0].like': '科技', 'like[1].column': 'ud_city' }
    expect(await ids({ ...like, 'like[1].like': '深圳' })).to.deep.equal(idsOf(0))
    expect(await ids({ createTimeStart: '2026-02-01', createTimeEnd: '2026-02-28' })).to.deep.equal(idsOf(1))
    expect((await list({ sidx: 'user_password' })).json?.code).to.equal(300)
  })

  it('answers in the envelope of the gateway under its method name', async () => {
    const params = { session_key: admin.token, size: '1' }
    const { json } = await gateway.call('manage.account.userDeliveryAddress.list', params)
    expect(json?.code).to.equal(200)
    expect(json?.data).to.include({ records: 3, total: 3 })
  })

  it('is for administrators', async () => {
    expect(await refusals('GET', {}, users[0])).to.deep.equal(forAdministrators)
  })
})
