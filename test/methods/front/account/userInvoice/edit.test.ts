import { expect } from 'chai'
import { doneWith, failed, loginRequired, refusal } from '../../../../answers.js'
import { dataOf } from '../../../../harness.js'
import { createAccountClient } from '../account-client.js'
import { addInvoiceOwner, type InvoiceAnswer, textLengths, wholeInvoice } from './invoice-client.js'
import { prepared, withGateway } from '../../../../suite.js'

withGateway('front.account.userInvoice.edit', (gateway) => {
  const owner = prepared(beforeEach, () => addInvoiceOwner(gateway))

  const idOf = ({ user_invoice_id }: InvoiceAnswer) => String(user_invoice_id)
  const edit = async (invoice: InvoiceAnswer, fields: Record<string, string>) =>
    dataOf<InvoiceAnswer>((await owner.post('edit', { user_invoice_id: idOf(invoice), ...fields })).json)

  it('changes the given fields only, and answers the row as it is now', async () => {
    const invoice = await owner.add({ ...wholeInvoice, invoice_is_company: '1' })
    const { status, text } = await owner.post('edit', {
      userInvoiceId: idOf(invoice),
      invoiceTitle: '新名称',
      invoiceIsElectronic: '1',
    })
    const changed = { ...invoice, invoice_title: '新名称', invoice_is_electronic: 1 }
    expect(status).to.equal(200)
    expect(text).to.equal(doneWith(JSON.stringify(changed)))
    expect((await owner.list()).items).to.deep.equal([changed])
  })

  it('clears a text that is given empty, and leaves numbers, booleans and dates that are', async () => {
    const invoice = await owner.add({ ...wholeInvoice, invoice_is_default: '1', invoice_type: '2' })
    const empty = { invoice_datetime: '', invoice_is_default: 'null', invoice_type: 'undefined' }
    const changed = await edit(invoice, { ...empty, invoice_title: '', invoice_phone: 'null' })
    expect(changed).to.deep.equal({ ...invoice, invoice_title: '', invoice_phone: '' })
  })

  it('takes an edit that changes nothing', async () => {
    const invoice = await owner.add(wholeInvoice)
    expect(await edit(invoice, {})).to.deep.equal(invoice)
    expect(await edit(invoice, { invoice_title: wholeInvoice.invoice_title })).to.deep.equal(invoice)
  })

  it('makes a new default the only one, and takes a default away', async () => {
    const other = await addInvoiceOwner(gateway)
    await other.add({ invoice_title: '别人', invoice_is_default: '1' })
    const first = await owner.add({ invoice_title: '一', invoice_is_default: '1' })
    const second = await owner.add({ invoice_title: '二' })
    expect((await edit(second, { invoice_is_default: '1' })).invoice_is_default).to.equal(true)
    expect(await owner.defaults()).to.deep.equal(['二'])
    await edit(first, { invoice_title: '一一' })
    expect(await owner.defaults()).to.deep.equal(['二'])
    await edit(second, { invoice_is_default: 'false' })
    expect(await owner.defaults()).to.deep.equal([])
    expect(await other.defaults()).to.deep.equal(['别人'])
  })

  it('checks the tax number that the invoice has then', async () => {
    const invoice = await owner.add({ invoice_company_code: ' 91350100m000100y43' })
    const company = await edit(invoice, { invoice_is_company: '1' })
    expect(company['invoice_company_code']).to.equal('91350100M000100Y43')
    const wrong = refusal(0, '纳税人识别号不正确', 'TAX_NUMBER_WRONG')
    const fields = { user_invoice_id: idOf(invoice), invoice_company_code: 'no number' }
    expect((await owner.post('edit', fields)).text).to.equal(wrong)
    expect((await owner.list()).items).to.deep.equal([company])
    const person = await edit(invoice, { invoice_company_code: 'no number', invoice_is_company: '0' })
    expect(person).to.include({ invoice_company_code: 'no number', invoice_is_company: false })
    expect((await owner.post('edit', { ...fields, invoice_is_company: '1' })).text).to.equal(wrong)
  })

  it('leaves a tax number of the old shop alone until it is given', async () => {
    const old = { user_id: owner.uid, invoice_is_company: 1, invoice_company_code: 'old' }
    await gateway.db('account_user_invoice').insert(old)
    const [invoice] = (await owner.list()).items
    const changed = await edit(invoice ?? expect.fail(), { invoice_title: '甲' })
    expect(changed).to.include({ invoice_title: '甲', invoice_company_code: 'old' })
  })

  it('refuses texts longer than their columns, and changes nothing then', async () => {
    const invoice = await owner.add(wholeInvoice)
    for (const [name, length] of Object.entries(textLengths)) {
      const long = { [name]: 'x'.repeat(length + 1), invoice_datetime: '2020-01-01' }
      const { text } = await owner.post('edit', { user_invoice_id: idOf(invoice), ...long })
      expect(text, name).to.match(/"code":0,"msg":"[\u4e00-\u9fff]+不能超过\d+个字"/)
    }
    expect((await owner.list()).items).to.deep.equal([invoice])
  })

  it('edits nobody else’s invoice, and none that is not there', async () => {
    const other = await addInvoiceOwner(gateway)
    const invoice = await other.add({ invoice_title: '别人' })
    const mine = await owner.add({ invoice_title: '我', invoice_is_default: '1' })
    for (const id of [idOf(invoice), '0', '9007199254740991']) {
      const fields = { user_invoice_id: id, user_id: String(other.uid), invoice_is_default: '1' }
      expect((await owner.post('edit', fields)).text, id).to.equal(failed)
    }
    expect((await other.list()).items).to.deep.equal([invoice])
    expect((await owner.list()).items).to.deep.equal([mine])
  })

  it('needs the id, a login, and POST', async () => {
    const missing = '参数错误：user_invoice_id: integer from 0 to 9007199254740991'
    for (const fields of [{}, { user_invoice_id: '' }, { user_invoice_id: '1.5' }, { user_invoice_id: '-1' }])
      expect((await owner.post('edit', fields)).text).to.equal(refusal(300, missing, 'PARAM_ERROR'))
    const client = createAccountClient(gateway)
    const anonymous = await client.post('userInvoice/edit', { user_invoice_id: '1' })
    expect(anonymous.text).to.equal(loginRequired)
    expect((await owner.get('edit', { user_invoice_id: '1' })).status).to.equal(405)
  })
})
