import { expect } from 'chai'
import type { Knex } from 'knex'
import { isMysql } from '../../db/connect.js'
import { migrate } from '../../db/migrate.js'
import { addInvoiceOwner } from '../methods/front/account/userInvoice/invoice-client.js'
import { onEachEmptyDatabase } from '../servers/databases.js'
import { open } from './target.js'
import { useGateway } from '../suite.js'

const texts = {
  invoice_title: 50,
  invoice_company_code: 100,
  invoice_content: 50,
  invoice_address: 255,
  invoice_phone: 255,
  invoice_bankname: 255,
  invoice_bankaccount: 255,
  invoice_contact_mobile: 255,
  invoice_contact_email: 255,
  invoice_contact_name: 255,
  invoice_contact_area: 255,
  invoice_contact_address: 255,
}

/** The table of an old shop: nothing has a default, much may be null, no index but the key. */
async function makeOldTable(db: Knex): Promise<void> {
  await db.schema.createTable('account_user_invoice', (table) => {
    table.increments('user_invoice_id')
    table.integer('user_id').unsigned().notNullable()
    for (const [name, length] of Object.entries(texts)) table.string(name, length)
    for (const name of ['company', 'electronic', 'default'])
      table.specificType(`invoice_is_${name}`, 'tinyint')
    table.specificType('invoice_type', 'tinyint').notNullable()
    // Some shops' sets itself anew at every change, and is shown in the zone of whoever connects.
    if (isMysql(db)) table.specificType('invoice_datetime', 'timestamp NULL ON UPDATE CURRENT_TIMESTAMP')
    else table.datetime('invoice_datetime')
  })
}

onEachEmptyDatabase('invoices of an old shop', (database) => {
  let db: Knex
  before(async () => {
    db = open(database)
    await makeOldTable(db)
    const row = (user_id: number, invoice_is_default: number | null, invoice_title: string | null) => ({
      user_id,
      invoice_title,
      invoice_is_default,
      invoice_type: 1,
    })
    await db('account_user_invoice').insert([
      row(10002, 1, '一'),
      row(10002, 1, '二'),
      row(10002, null, null),
      row(10003, 0, '三'),
      row(10004, 1, '四'),
    ])
    const written = isMysql(db)
      ? db.raw("convert_tz('2019-08-24 14:15:22', '+08:00', @@session.time_zone)")
      : '2019-08-24 14:15:22'
    await db('account_user_invoice').where({ user_invoice_id: 1 }).update({ invoice_datetime: written })
    await migrate(db)
  })
  const gateway = useGateway(database)
  after(() => db?.destroy())

  it('stay, with the newest default of each user', async () => {
    const rows = await db('account_user_invoice').orderBy('user_invoice_id')
    expect(rows.map((row) => [row.invoice_title, row.invoice_is_default])).to.deep.equal([
      ['一', 0],
      ['二', 1],
      [null, null],
      ['三', 0],
      ['四', 1],
    ])
  })

  // SQLite holds no imported tables.
  if (database.kind === 'mysql')
    it('are found by their user without reading all', async () => {
      const index = await db('information_schema.statistics')
        .whereRaw('table_schema = database()')
        .where({ table_name: 'account_user_invoice', column_name: 'user_id', seq_in_index: 1 })
      expect(index).to.have.length(1)
    })

  it('are shown with their nulls and dates, can be edited, and have others added', async () => {
    const owner = await addInvoiceOwner(gateway)
    expect(owner.uid).to.equal(10002)
    const items = (await owner.list()).items
    expect(items.map((item) => item.invoice_title)).to.deep.equal([null, '二', '一'])
    expect(items[0]).to.deep.include({
      invoice_address: null,
      invoice_datetime: null,
      invoice_is_company: false,
      invoice_is_default: false,
      invoice_is_electronic: 0,
      invoice_type: 1,
    })
    expect(items[2]).to.include({ invoice_datetime: '2019-08-24 14:15:22' })
    await owner.post('edit', { user_invoice_id: '3', invoice_title: '补', invoice_is_default: '1' })
    expect(await owner.defaults()).to.deep.equal(['补'])
    await owner.add({ invoice_title: '新', invoice_is_default: '1' })
    expect(await owner.defaults()).to.deep.equal(['新'])
    expect(await owner.titles({ createTimeEnd: '2019-08-24' })).to.deep.equal(['一'])
  })
})
