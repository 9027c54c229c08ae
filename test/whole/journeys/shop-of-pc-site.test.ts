import { expect } from 'chai'
import { saveSetting } from '../../../db/settings.js'
import type { HttpAnswer } from '../../fetch-answer.js'
import { dataOf } from '../../harness.js'
import { listOf } from '../../methods/manage/account/administrators.js'
import { withGateway } from '../../suite.js'

type Fields = Readonly<Record<string, string>>
type Row = Readonly<Record<string, unknown>>

const origin = 'https://shop.example.com'

/** The PC site's pages of addresses, invoices and messages: everything in the query, POST with an empty body. */
withGateway('the PC site, once signed in', { CORS_ORIGINS: origin }, (gateway) => {
  let token = ''
  let otherToken = ''
  let otherId = 0
  before(async () => {
    token = await (await gateway.addUser({ nickname: '小明' })).startSession()
    const other = await gateway.addUser({ nickname: '小红' })
    otherToken = await other.startSession()
    otherId = other.uid
  })

  const send = (verb: 'GET' | 'POST', path: string, fields: Fields = {}, as = token) =>
    gateway.request(`/front/account/${path}?${new URLSearchParams({ perm_key: as, ...fields }).toString()}`, {
      method: verb,
      headers: { Origin: origin },
    })
  const rowOf = (answer: HttpAnswer): Row => {
    expect(answer.json, answer.text).to.include({ status: 200, code: 0 })
    expect(answer.headers.get('access-control-allow-origin')).to.equal(origin)
    return dataOf<Row>(answer.json)
  }
  const paged = { page: '1', size: '10' }

  it('adds addresses by POST without a body, and shows a page with their whole districts', async () => {
    const fields = {
      ud_province: '湖北省',
      ud_city: '恩施土家族苗族自治州',
      ud_county: '恩施市',
      ud_intl: '+86',
    }
    for (let at = 0; at < 12; at++)
      rowOf(await send('POST', 'userDeliveryAddress/add', { ...fields, ud_name: `收货人${at}` }))
    const page = listOf<Row>(await send('GET', 'userDeliveryAddress/list', paged))
    expect(page).to.include({ page: 1, size: 10, records: 12, total: 2 })
    expect(page.items).to.have.length(10)
    expect(page.items[0]).to.include({ district_info: '湖北省恩施土家族苗族自治州恩施市' })
    const last = listOf<Row>(await send('GET', 'userDeliveryAddress/list', { ...paged, page: '2' }))
    expect(last.items).to.have.length(2)
  })

  it('changes one, makes it the default with a checkbox, and removes it', async () => {
    const [address] = listOf<Row>(await send('GET', 'userDeliveryAddress/list', paged)).items
    const ud_id = String(address?.['ud_id'])
    // The plus of the country code arrives as a space.
    const saved = await gateway.request(
      `/front/account/userDeliveryAddress/save?perm_key=${token}&ud_id=${ud_id}&ud_intl=+86&ud_is_default=on`,
      { method: 'POST', headers: { Origin: origin } },
    )
    expect(rowOf(saved)).to.deep.equal({ ...address, ud_is_default: true })
    const [first] = listOf<Row>(await send('GET', 'userDeliveryAddress/list', paged)).items
    expect(first).to.include({ ud_id: Number(ud_id), ud_is_default: true })
    rowOfNothing(await send('POST', 'userDeliveryAddress/remove', { ud_id }))
    expect((await send('POST', 'userDeliveryAddress/remove', { ud_id })).json).to.include({ msg: '操作失败' })
  })

  it('explains invoices by a text of the shop, adds one, changes and removes it', async () => {
    await saveSetting(gateway.db, 'invoice_tips', '发票须知')
    const tips = await send('GET', 'userInvoice/getInvoiceTips')
    expect(tips.json).to.include({ status: 200, code: 0, msg: '发票须知', data: '发票须知' })
    const fields = { invoice_title: '示例有限公司', invoice_is_company: 'true', invoice_is_default: 'true' }
    const number = {
      invoice_company_code: '91350100M000100Y43',
      invoice_is_electronic: '0',
      invoice_type: '2',
    }
    const added = rowOf(await send('POST', 'userInvoice/add', { ...fields, ...number }))
    expect(added).to.include({ invoice_is_company: true, invoice_is_electronic: 0, invoice_type: 2 })
    const id = { user_invoice_id: String(added['user_invoice_id']) }
    const edited = rowOf(await send('POST', 'userInvoice/edit', { ...id, invoice_title: '另一公司' }))
    expect(edited).to.deep.equal({ ...added, invoice_title: '另一公司' })
    const page = listOf(await send('GET', 'userInvoice/list', paged))
    expect(page).to.deep.include({ items: [edited], records: 1, total: 1 })
    rowOfNothing(await send('POST', 'userInvoice/remove', id))
    expect(listOf(await send('GET', 'userInvoice/list', paged)).records).to.equal(0)
  })

  it('lists messages with message_type=0, which means nothing', async () => {
    await gateway.call('open.message.send', { uids: String(otherId), content: '通知' })
    rowOf(await send('POST', 'userMessage/add', { user_nickname: '小红', message_content: '在吗？' }))
    const inbox = listOf<Row>(
      await send('GET', 'userMessage/list', { ...paged, message_type: '0' }, otherToken),
    )
    expect(inbox.items.map((item) => [item['message_type'], item['message_content']])).to.have.deep.members([
      [2, '在吗？'],
      [1, '通知'],
    ])
    const outbox = listOf<Row>(await send('GET', 'userMessage/list', { ...paged, message_kind: '1' }))
    expect(outbox.items).to.have.length(1)
    const unread = { message_is_read: 'false', message_type: '0' }
    expect(listOf(await send('GET', 'userMessage/list', unread, otherToken)).records).to.equal(2)
  })

  it('shows a chat the newest first, as it says that it is the PC site', async () => {
    gateway.clock.advance(1000)
    rowOf(
      await send('POST', 'userMessage/add', { user_other_id: String(otherId), message_content: '还在吗？' }),
    )
    const chat = async (fields: Fields) =>
      listOf<{ message_content: string }>(
        await send('GET', 'userMessage/listChatMsg', { user_other_id: String(otherId), ...paged, ...fields }),
      ).items.map(({ message_content }) => message_content)
    expect(await chat({ source_type: '2311' })).to.deep.equal(['还在吗？', '在吗？'])
    expect(await chat({})).to.deep.equal(['还在吗？', '在吗？'])
  })

  it('counts read and unread ones for its header, and marks all as read', async () => {
    const numbers = async () => rowOf(await send('GET', 'userMessage/getMessageNum', {}, otherToken))
    expect(await numbers()).to.deep.equal({ unread_number: 3, red_number: 0 })
    rowOfNothing(await send('POST', 'userMessage/setRead', {}, otherToken))
    expect(await numbers()).to.deep.equal({ unread_number: 0, red_number: 3 })
  })

  /** A success that answers nothing. */
  function rowOfNothing(answer: HttpAnswer): void {
    expect(answer.json, answer.text).to.include({ status: 200, code: 0, data: null })
  }
})
