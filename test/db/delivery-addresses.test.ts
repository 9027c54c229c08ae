import { expect } from 'chai'
import type { Knex } from 'knex'
import { migrate } from '../../db/migrate.js'
import { startGateway, type TestGateway } from '../harness.js'
import { addressOf, defaultsOf } from '../methods/front/account/userDeliveryAddress/delivery-addresses.js'
import { onEmptyMariadb } from '../servers/databases.js'
import { makeOldShop } from '../servers/old-shop/old-shop.js'
import { withColumns } from '../servers/old-shop/tables.js'
import { open } from './target.js'

/** A shop that let some columns be null. */
const withNulls = withColumns({
  'account_user_delivery_address.ud_telephone': { null: true, default: 'NULL' },
  'account_user_delivery_address.ud_longitude': { null: true, default: 'NULL' },
})

const owner = { user_id: 10002, user_account: 'first', password: 'abc123' }
const longCity = '黔西南布依族苗族自治州的城市'

onEmptyMariadb("an old shop's addresses", function (database) {
  this.timeout(60_000)
  let db: Knex
  let gateway: TestGateway
  let token: string
  before(async () => {
    db = open({ kind: 'mysql', url: database.url })
    await makeOldShop(db, [owner], withNulls)
    const row = {
      user_id: owner.user_id,
      ud_name: '旧😀',
      ud_mobile: '13900000001',
      ud_province_id: 52,
      ud_city_id: 5223,
      ud_county_id: 522301,
      ud_province: '贵州省',
      ud_county: '兴义市',
      ud_address: '街 1 号',
      ud_postalcode: '',
      ud_tag_name: '1002',
      ud_is_default: 1,
    }
    // Epoch milliseconds of 2019-05-06 07:08:09 in GMT+8, whatever zone the database is in.
    const at = db.raw('from_unixtime(1557097689)')
    await db.table('account_user_delivery_address').insert([
      { ...row, ud_time: db.raw('from_unixtime(1557000000)') },
      { ...row, ud_intl: '86', ud_time: at },
      { ...row, ud_intl: '86+', ud_time: at },
      { ...row, user_id: 10003, ud_time: at },
    ])
    gateway = await startGateway(database)
    const { sessions } = gateway.services
    token = await sessions.start(db, { userId: owner.user_id, generation: 0, app: '', ip: '127.0.0.1' })
  })
  after(async () => {
    await gateway?.close()
    await db?.destroy()
  })

  const post = (name: string, fields: Record<string, string>) =>
    gateway.request(`/front/account/userDeliveryAddress/${name}`, {
      method: 'POST',
      headers: { Authorization: token },
      body: new URLSearchParams(fields),
    })
  const get = async (udId: number) =>
    addressOf(await gateway.request(`/front/account/userDeliveryAddress/get?ud_id=${udId}&perm_key=${token}`))

  it('keep one default a user: the one that was shown first', async () => {
    expect(await defaultsOf(gateway, owner.user_id)).to.deep.equal([3])
    expect(await defaultsOf(gateway, 10003)).to.deep.equal([4])
  })

  it('are shown as they were, nulls as null, their time in the zone of the shop', async () => {
    const expected = {
      ud_id: 2,
      user_id: owner.user_id,
      ud_name: '旧😀',
      ud_intl: '+86',
      ud_telephone: null,
      ud_city: '',
      ud_longitude: null,
      ud_time: '2019-05-06 07:08:09',
      ud_is_default: false,
      district_info: '贵州省兴义市',
    }
    expect(await get(2)).to.include(expected)
  })

  it('take a city of 50 characters, and keep their time when they change', async () => {
    const city = longCity.repeat(4).slice(0, 50)
    expect(addressOf(await post('save', { ud_id: '2', ud_city: city }))).to.include({ ud_city: city })
    expect(await get(2)).to.include({ ud_city: city, ud_time: '2019-05-06 07:08:09' })
  })

  it('have new ones beside them, of which everything may be missing', async () => {
    const address = addressOf(await post('add', { ud_is_default: '1' }))
    expect(await get(address.ud_id)).to.deep.equal(address)
    expect(await defaultsOf(gateway, owner.user_id)).to.deep.equal([address.ud_id])
  })

  it('are found by an index, and get no unique key', async () => {
    const indexes: { column_name: string; non_unique: number }[] = await db('information_schema.statistics')
      .whereRaw('table_schema = database()')
      .where({ table_name: 'account_user_delivery_address', seq_in_index: 1 })
      .select(db.raw('column_name AS column_name'), db.raw('non_unique AS non_unique'))
    const ofColumn = Object.fromEntries(
      indexes.map(({ column_name, non_unique }) => [column_name, non_unique]),
    )
    expect(ofColumn).to.deep.equal({ ud_id: 0, user_id: 1, ud_time: 1, ud_mobile: 1 })
    expect(await migrate(db)).to.deep.equal([])
  })
})
