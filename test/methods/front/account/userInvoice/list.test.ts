import { expect } from 'chai'
import { doneWith, loginRequired, pageTooLarge } from '../../../../answers.js'
import { createAccountClient } from '../account-client.js'
import { addInvoiceOwner, type InvoiceOwner, textLengths } from './invoice-client.js'
import { withGateway } from '../../../../suite.js'

withGateway('front.account.userInvoice.list', (gateway) => {
  let owner: InvoiceOwner
  before(async () => {
    await (await addInvoiceOwner(gateway)).add({ invoice_title: '别人' })
    owner = await addInvoiceOwner(gateway)
    const day = (number: number) => ({ invoice_datetime: `2026-01-0${number} 12:00:00` })
    await owner.add({ ...day(3), invoice_title: '丙', invoice_content: '酒 100%', invoice_is_default: '1' })
    await owner.add({ ...day(1), invoice_title: '甲', invoice_content: '酒 100x', invoice_type: '2' })
    const company = { invoice_is_company: '1', invoice_company_code: '91350100M000100Y43' }
    await owner.add({ ...day(2), ...company, invoice_title: '乙', invoice_is_electronic: '1' })
  })

  it('answers the caller’s own invoices, the newest first, all of them where no size is given', async () => {
    const { text, json } = await owner.get('list')
    const items = (await owner.list()).items
    expect(items.map(({ invoice_title }) => invoice_title)).to.deep.equal(['乙', '甲', '丙'])
    expect(items[0]).to.deep.include({
      invoice_title: '乙',
      invoice_datetime: '2026-01-02 12:00:00',
      invoice_is_company: true,
      invoice_is_default: false,
      invoice_is_electronic: 1,
      invoice_type: 1,
      user_id: owner.uid,
    })
    expect(json?.data).to.deep.equal({ items, page: 1, size: 100, records: 3, total: 1 })
    expect(text).to.equal(
      doneWith(`{"items":${JSON.stringify(items)},"page":1,"size":100,"records":3,"total":1}`),
    )
  })

  it('answers pages, empty ones past the end, of at most 500', async () => {
    expect(await owner.list({ size: '2' })).to.deep.include({ page: 1, size: 2, records: 3, total: 2 })
    expect(await owner.titles({ size: '2', page: '2' })).to.deep.equal(['丙'])
    expect(await owner.list({ size: '2', page: '9' })).to.deep.equal({
      items: [],
      page: 9,
      size: 2,
      records: 3,
      total: 2,
    })
    expect((await owner.get('list', { size: '501' })).text).to.equal(pageTooLarge)
  })

  it('answers a hundred of an imported user who has more', async () => {
    const many = await addInvoiceOwner(gateway)
    const rows = Array.from({ length: 103 }, () => ({ user_id: many.uid }))
    await gateway.db('account_user_invoice').insert(rows)
    const { items, records, total } = await many.list()
    expect([items.length, records, total]).to.deep.equal([100, 103, 2])
    expect((await many.list({ size: '500' })).items).to.have.length(103)
  })

  it('filters by every field', async () => {
    const filtered = {
      invoice_title: ['甲', ['甲']],
      invoiceContent: ['酒 100%', ['丙']],
      invoice_company_code: ['91350100M000100Y43', ['乙']],
      invoice_is_company: ['true', ['乙']],
      invoiceIsCompany: ['0', ['甲', '丙']],
      invoice_is_default: ['1', ['丙']],
      invoice_is_electronic: ['1', ['乙']],
      invoice_type: ['2', ['甲']],
      invoice_datetime: ['2026/01/02 12:00:00', ['乙']],
      invoice_phone: ['0591', []],
    } as const
    for (const [name, [value, titles]] of Object.entries(filtered))
      expect(await owner.titles({ [name]: value }), name).to.deep.equal(titles)
    const [newest] = (await owner.list()).items
    expect(await owner.titles({ userInvoiceId: String(newest?.user_invoice_id) })).to.deep.equal(['乙'])
  })

  it('takes an empty filter as none, and never another user', async () => {
    const nothing = { user_id: '1', invoice_title: '', invoice_type: '', invoice_is_default: 'null' }
    expect(await owner.titles(nothing)).to.have.length(3)
    expect(await owner.titles({ invoice_title: '别人' })).to.deep.equal([])
  })

  it('filters by each text as long as its column', async () => {
    for (const [name, length] of Object.entries(textLengths)) {
      expect(await owner.titles({ [name]: 'x'.repeat(length) }), name).to.deep.equal([])
      const { text } = await owner.get('list', { [name]: 'x'.repeat(length + 1) })
      expect(text).to.contain(`"code":300,"msg":"参数错误：${name}: `)
    }
  })

  it('is bounded by the time of the invoices, a last day included as a whole', async () => {
    const between = (createTimeStart: string, createTimeEnd: string) =>
      owner.titles({ createTimeStart, createTimeEnd })
    expect(await between('2026-01-02', '')).to.deep.equal(['乙', '丙'])
    expect(await between('', '2026-01-02')).to.deep.equal(['乙', '甲'])
    expect(await between('2026-01-02', '2026-01-02')).to.deep.equal(['乙'])
    expect(await between('2026-01-02 12:00:00', '2026-01-02 12:00:00')).to.deep.equal(['乙'])
    expect(await between('2026-01-02 12:00:01', '2026-01-03 11:59:59')).to.deep.equal([])
    // Noon in the shop's zone.
    expect(await between('1767326400000', '1767326400000')).to.deep.equal(['乙'])
  })

  it('sorts by its columns, one after the other', async () => {
    expect(await owner.titles({ sidx: 'invoice_datetime', sort: 'asc' })).to.deep.equal(['甲', '乙', '丙'])
    expect(await owner.titles({ sidx: 'invoiceDatetime', sort: 'desc' })).to.deep.equal(['丙', '乙', '甲'])
    const twice = {
      sidx: 'invoice_type',
      sort: 'asc',
      'order[0].sidx': 'invoice_datetime',
      'order[0].sort': 'asc',
    }
    expect(await owner.titles(twice)).to.deep.equal(['乙', '丙', '甲'])
    const { text } = await owner.get('list', { sidx: 'user_password' })
    expect(text).to.match(/"code":300,"msg":"参数错误：sidx: user_password is none of user_invoice_id, /)
  })

  it('finds a part of a text, taken literally', async () => {
    const like = (column: string, part: string) =>
      owner.titles({ 'like[0].column': column, 'like[0].like': part })
    expect(await like('invoice_content', '100')).to.deep.equal(['甲', '丙'])
    expect(await like('invoiceContent', '100%')).to.deep.equal(['丙'])
    expect(await like('invoice_company_code', 'M000')).to.deep.equal(['乙'])
    const { text } = await owner.get('list', { 'like[0].column': 'user_id', 'like[0].like': '1' })
    expect(text).to.contain('"code":300,"msg":"参数错误：like[0].column: user_id is none of ')
  })

  it('needs a login, and GET', async () => {
    const anonymous = await createAccountClient(gateway).get('userInvoice/list')
    expect(anonymous.text).to.equal(loginRequired)
    expect((await owner.post('list')).status).to.equal(405)
  })
})
