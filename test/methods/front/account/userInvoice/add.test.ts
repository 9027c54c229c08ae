import { expect } from 'chai'
import { loginRequired, paramRefusal, refusal } from '../../../../answers.js'
import { createAccountClient } from '../account-client.js'
import { addInvoiceOwner, textLengths, wholeInvoice } from './invoice-client.js'
import { prepared, withGateway } from '../../../../suite.js'

const wrongTaxNumber = refusal(0, '纳税人识别号不正确', 'TAX_NUMBER_WRONG')

withGateway('front.account.userInvoice.add', (gateway) => {
  const owner = prepared(beforeEach, () => addInvoiceOwner(gateway))

  it('keeps what was given and answers the row, with the id it got', async () => {
    const flags = { invoice_is_company: '1', invoice_is_default: 'true', invoice_is_electronic: '1' }
    const { status, text } = await owner.post('add', { ...wholeInvoice, ...flags, invoice_type: '2' })
    const [row] = await gateway.db('account_user_invoice').where({ user_id: owner.uid })
    expect(status).to.equal(200)
    expect(text).to.equal(
      '{"status":200,"code":0,"msg":"操作成功","data":{"invoice_address":"福州市鼓楼区示例路 1 号",' +
        '"invoice_bankaccount":"6222 0000 1111 2222","invoice_bankname":"示例银行",' +
        '"invoice_company_code":"91350100M000100Y43","invoice_contact_address":"示例路 2 号 😀",' +
        '"invoice_contact_area":"福建省/福州市/鼓楼区","invoice_contact_email":"a@example.com",' +
        '"invoice_contact_mobile":"13912345678","invoice_contact_name":"张三","invoice_content":"办公用品",' +
        '"invoice_datetime":"2024-02-29 08:09:10","invoice_is_company":true,"invoice_is_default":true,' +
        '"invoice_is_electronic":1,"invoice_phone":"0591-87654321","invoice_title":"示例有限公司",' +
        `"invoice_type":2,"user_id":${owner.uid},"user_invoice_id":${row?.user_invoice_id}},"error":null}`,
    )
    expect((await owner.get('get', { user_invoice_id: String(row?.user_invoice_id) })).text).to.equal(text)
  })

  it('takes an invoice where anything is missing, of now, in the zone of the shop', async () => {
    gateway.clock.freeze(Date.parse('2026-11-20T23:59:58Z'))
    const invoice = await owner.add()
    expect(invoice).to.include({ invoice_datetime: '2026-11-21 07:59:58', invoice_title: '' })
    expect(invoice).to.include({ invoice_is_company: false, invoice_is_default: false })
    expect(invoice).to.include({ invoice_is_electronic: 0, invoice_type: 1 })
    const empty = await owner.add({ invoiceDatetime: '', invoiceIsCompany: 'null', invoiceType: '' })
    expect({ ...empty, user_invoice_id: 0 }).to.deep.equal({ ...invoice, user_invoice_id: 0 })
    expect((await owner.list()).items).to.deep.equal([empty, invoice])
  })

  it('takes both spellings, and every form of a boolean and of a date', async () => {
    const dates = ['20240229 08:09:10', '2024/2/29 08:09:10', '2024-02-29 08:09:10', '1709165350000']
    const booleans = ['on', 'YES', '1', 'True']
    for (const [at, invoiceDatetime] of dates.entries()) {
      const invoiceIsCompany = booleans[at] ?? ''
      const invoice = await owner.add({ invoiceTitle: '甲', invoiceDatetime, invoiceIsCompany })
      expect(invoice, invoiceDatetime).to.include({ invoice_title: '甲', invoice_is_company: true })
      expect(invoice['invoice_datetime'], invoiceDatetime).to.equal('2024-02-29 08:09:10')
    }
    expect((await owner.add({ invoice_datetime: '2024-02-29' }))['invoice_datetime']).to.equal(
      '2024-02-29 00:00:00',
    )
  })

  it('is the session’s user’s, whatever user and id the call names', async () => {
    const other = await addInvoiceOwner(gateway)
    const invoice = await owner.add({ user_id: String(other.uid), user_invoice_id: '7777' })
    expect(invoice.user_id).to.equal(owner.uid)
    expect(invoice.user_invoice_id).not.to.equal(7777)
    expect(await other.titles()).to.deep.equal([])
  })

  it('makes the newest default the only one, of this user', async () => {
    const other = await addInvoiceOwner(gateway)
    await other.add({ invoice_title: '别人', invoice_is_default: '1' })
    await owner.add({ invoice_title: '一', invoice_is_default: '1' })
    await owner.add({ invoice_title: '二', invoice_is_default: '0' })
    expect(await owner.defaults()).to.deep.equal(['一'])
    await owner.add({ invoice_title: '三', invoice_is_default: '1' })
    expect(await owner.defaults()).to.deep.equal(['三'])
    expect(await other.defaults()).to.deep.equal(['别人'])
  })

  it('reads a company’s tax number in its one written form', async () => {
    const add = (invoice_company_code: string) => owner.add({ invoice_is_company: '1', invoice_company_code })
    expect((await add(' 91350100m000100y43 '))['invoice_company_code']).to.equal('91350100M000100Y43')
    for (const code of ['1'.repeat(15), 'Z'.repeat(20), '350102abcdefghi'])
      expect((await add(code))['invoice_company_code']).to.equal(code.toUpperCase())
    expect((await add('  '))['invoice_company_code']).to.equal('')
    // Its check character is wrong, which TAX_NUMBER_CHECK leaves alone when it is off.
    expect((await add('91350100M000100Y44'))['invoice_company_code']).to.equal('91350100M000100Y44')
  })

  it('refuses what is no tax number, of a company only', async () => {
    for (const code of [
      '1'.repeat(14),
      '1'.repeat(21),
      '91350100M000100Y-3',
      '９1350100M000100Y43',
      'ß'.repeat(15),
    ]) {
      const fields = { invoice_company_code: code, invoice_title: '不收' }
      const refused = await owner.post('add', { ...fields, invoice_is_company: '1' })
      expect(refused.text, code).to.equal(wrongTaxNumber)
      expect((await owner.add({ ...fields, invoice_title: '收' }))['invoice_company_code']).to.equal(code)
    }
    expect(new Set(await owner.titles())).to.deep.equal(new Set(['收']))
  })

  it('takes every text as long as its column, counted in characters, and no longer', async () => {
    for (const [name, length] of Object.entries(textLengths)) {
      expect((await owner.add({ [name]: '😀'.repeat(length) }))[name], name).to.equal('😀'.repeat(length))
      const { text } = await owner.post('add', { [name]: '字'.repeat(length + 1) })
      expect(text, name).to.match(
        new RegExp(
          `^{"status":250,"code":0,"msg":"[\\u4e00-\\u9fff]+不能超过${length}个字","data":null,"error":"FIELD_REFUSED"}$`,
        ),
      )
    }
  })

  it('names the parameter that is none of its kind', async () => {
    const wrong = {
      invoice_is_company: ['maybe', 'boolean'],
      invoice_is_default: ['2', 'boolean'],
      invoice_is_electronic: ['2', 'one of 0, 1'],
      invoice_type: ['3', 'one of 1, 2'],
      invoice_datetime: [
        '2024-02-30',
        'time as yyyy-MM-dd, yyyyMMdd or yyyy/MM/dd, with HH:mm:ss or without, or epoch milliseconds',
      ],
    }
    for (const [name, [value = '', wanted]] of Object.entries(wrong)) {
      const { text } = await owner.post('add', { [name]: value })
      expect(text).to.equal(paramRefusal(`${name}: ${wanted}`))
    }
    expect(await owner.titles()).to.deep.equal([])
  })

  it('keeps at most a hundred of a user', async () => {
    const rows = Array.from({ length: 99 }, () => ({ user_id: owner.uid }))
    await gateway.db('account_user_invoice').insert(rows)
    const last = await owner.add({ invoice_title: '第一百' })
    const refused = await owner.post('add', { invoice_is_default: '1' })
    expect(refused.text).to.equal(refusal(0, '发票数量已达上限', 'INVOICE_LIMIT'))
    expect((await owner.list()).records).to.equal(100)
    await owner.post('remove', { user_invoice_id: String(last.user_invoice_id) })
    await owner.add()
    expect((await owner.list()).records).to.equal(100)
  })

  it('needs a login, and POST', async () => {
    const client = createAccountClient(gateway)
    const anonymous = await client.post('userInvoice/add', { invoice_title: '甲' })
    expect(anonymous.text).to.equal(loginRequired)
    expect((await owner.get('add', { invoice_title: '甲' })).status).to.equal(405)
  })

  it('answers in the gateway’s envelope by its name', async () => {
    const params = { invoice_title: '甲', access_token: owner.token }
    const { json } = await gateway.call('front.account.userInvoice.add', params, { verb: 'POST' })
    expect(json).to.include({ code: 200, message: '操作成功' })
    expect(await owner.titles()).to.deep.equal(['甲'])
  })
})

withGateway('front.account.userInvoice.add with TAX_NUMBER_CHECK', { TAX_NUMBER_CHECK: 'on' }, (gateway) => {
  it('refuses a wrong check character, on add and on edit', async () => {
    const owner = await addInvoiceOwner(gateway)
    const company = { invoice_is_company: '1', invoice_company_code: '91350100m000100y43' }
    const invoice = await owner.add(company)
    expect(invoice['invoice_company_code']).to.equal('91350100M000100Y43')
    const wrong = { ...company, invoice_company_code: '91350100M000100Y44' }
    expect((await owner.post('add', wrong)).text).to.equal(wrongTaxNumber)
    const edit = { ...wrong, user_invoice_id: String(invoice.user_invoice_id) }
    expect((await owner.post('edit', edit)).text).to.equal(wrongTaxNumber)
  })
})
