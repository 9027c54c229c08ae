import { expect } from 'chai'
import { saveSetting } from '../../../db/settings.js'
import type { HttpAnswer } from '../../fetch-answer.js'
import { dataOf } from '../../harness.js'
import { listOf } from '../../methods/manage/account/administrators.js'
import { prepared, withGateway } from '../../suite.js'

type Fields = Readonly<Record<string, string>>
type Row = Readonly<Record<string, unknown>>

/** What the mobile app sends with every call. */
interface Stored {
  readonly perm_key: string
  readonly perm_id: string
}

/**
 * The mobile app's pages of addresses, invoices and messages: snake_case names, lists without paging, and what a
 * row has no value for sent back as the word null.
 */
withGateway('the mobile app, once signed in', (gateway) => {
  const own = prepared(before, () => signIn('小明'))
  const friend = prepared(before, () => signIn('小红'))

  async function signIn(nickname: string): Promise<Stored> {
    const user = await gateway.addUser({ nickname })
    return { perm_key: await user.startSession(), perm_id: String(user.uid) }
  }

  const get = (path: string, fields: Fields = {}, as = own) => {
    const query = new URLSearchParams({ ...as, ...fields }).toString()
    return gateway.request(`/front/account/${path}?${query}`)
  }
  const post = (path: string, fields: Fields = {}, as = own) =>
    gateway.request(`/front/account/${path}`, {
      method: 'POST',
      body: new URLSearchParams({ ...as, ...fields }),
    })
  const rowOf = (answer: HttpAnswer): Row => {
    expect(answer.json, answer.text).to.include({ status: 200, code: 0 })
    return dataOf<Row>(answer.json)
  }
  /** A row as the app's form sends it back. */
  const sentBack = (row: Row): Record<string, string> =>
    Object.fromEntries(Object.entries(row).map(([name, value]) => [name, String(value)]))
  const messagesOf = async (fields: Fields, as: Stored) =>
    listOf<Row>(await get('userMessage/list', fields, as))

  describe('keeps addresses', () => {
    const form = {
      ud_id: '',
      ud_name: '张三',
      ud_intl: '86',
      ud_mobile: '13912345678',
      ud_province: '广东省',
      ud_province_id: '44',
      ud_city: '深圳市',
      ud_city_id: '4403',
      ud_county: '南山区',
      ud_county_id: '440305',
      ud_address: '科技园 1 栋 😀',
      ud_tag_name: '1001',
      ud_is_default: 'true',
      ud_longitude: 'undefined',
      ud_latitude: 'undefined',
      ud_postalcode: 'null',
    }
    let first: Row

    it('adds one by its form, without an id', async () => {
      first = rowOf(await post('userDeliveryAddress/add', form))
      expect(first).to.include({
        user_id: Number(own.perm_id),
        ud_intl: '+86',
        ud_is_default: true,
        ud_postalcode: '',
        ud_longitude: 0,
        district_info: '广东省深圳市南山区',
      })
    })

    it('shows all without paging, the default first', async () => {
      for (let at = 0; at < 12; at++)
        await post('userDeliveryAddress/add', { ...form, ud_name: `李四${at}`, ud_is_default: 'false' })
      const list = listOf<Row>(await get('userDeliveryAddress/list'))
      expect(list.items).to.have.length(13)
      expect(list.items[0]).to.deep.equal(first)
      expect(list).to.include({ page: 1, records: 13, total: 1 })
    })

    it('opens one to change it and saves the whole form, nulls included', async () => {
      const id = String(first['ud_id'])
      const shown = rowOf(await get('userDeliveryAddress/get', { ud_id: id }))
      expect(shown).to.deep.equal(first)
      const form = { ...sentBack(shown), ud_name: '王五', ud_telephone: 'null', ud_longitude: 'null' }
      expect(rowOf(await post('userDeliveryAddress/save', form))).to.deep.equal({ ...first, ud_name: '王五' })
      expect(rowOf(await post('userDeliveryAddress/save', form))).to.include({ ud_name: '王五' })
    })

    it('makes another one the default by its switch alone', async () => {
      const [, other] = listOf<Row>(await get('userDeliveryAddress/list')).items
      const fields = { ud_id: String(other?.['ud_id']), ud_is_default: '1' }
      expect(rowOf(await post('userDeliveryAddress/save', fields))).to.include({ ud_is_default: true })
      const items = listOf<Row>(await get('userDeliveryAddress/list')).items
      expect(
        items.filter((item) => item['ud_is_default'] === true).map((item) => item['ud_id']),
      ).to.deep.equal([other?.['ud_id']])
    })

    it('removes one, which is gone then', async () => {
      const fields = { ud_id: String(first['ud_id']) }
      expect((await post('userDeliveryAddress/remove', fields)).json).to.include({ status: 200, code: 0 })
      expect((await get('userDeliveryAddress/get', fields)).json).to.include({ status: 250, msg: '操作失败' })
      expect(listOf(await get('userDeliveryAddress/list')).records).to.equal(12)
    })
  })

  describe('keeps invoices', () => {
    const company = {
      user_invoice_id: '',
      invoice_title: '示例有限公司',
      invoice_company_code: ' 91350100m000100y43 ',
      invoice_is_company: '1',
      invoice_is_electronic: '1',
      invoice_type: '1',
      invoice_is_default: '1',
      invoice_contact_mobile: '13912345678',
      invoice_contact_email: 'undefined',
    }
    let first: Row

    it('adds one of a company, whose number is put right', async () => {
      first = rowOf(await post('userInvoice/add', company))
      expect(first).to.include({
        invoice_company_code: '91350100M000100Y43',
        invoice_is_company: true,
        invoice_is_electronic: 1,
        invoice_is_default: true,
        invoice_contact_email: '',
      })
    })

    it('is told of a number that is none', async () => {
      const fields = { ...company, invoice_company_code: '123' }
      expect((await post('userInvoice/add', fields)).json).to.include({
        status: 250,
        msg: '纳税人识别号不正确',
      })
    })

    it('adds one of a person, and shows both without paging', async () => {
      const person = { invoice_title: '张三', invoice_is_company: '0', invoice_is_default: '0' }
      const second = rowOf(await post('userInvoice/add', person))
      expect(listOf(await get('userInvoice/list')).items).to.deep.equal([second, first])
    })

    it('opens one, sends the row back changed, and removes it', async () => {
      const id = { user_invoice_id: String(first['user_invoice_id']) }
      const shown = rowOf(await get('userInvoice/get', id))
      const form = { ...sentBack(shown), invoice_content: '办公用品', invoice_bankname: 'null' }
      const changed = rowOf(await post('userInvoice/edit', form))
      expect(changed).to.deep.equal({ ...first, invoice_content: '办公用品' })
      expect((await post('userInvoice/remove', id)).json).to.include({ status: 200, code: 0 })
      expect((await get('userInvoice/get', id)).json).to.include({ status: 250, msg: '操作失败' })
    })
  })

  describe('sends messages', () => {
    it('finds customer service before anybody writes', async () => {
      await saveSetting(gateway.db, 'message_service_user', friend.perm_id)
      gateway.services.cache.drop('message-settings')
      expect(rowOf(await get('userMessage/getKefuConfig'))).to.include({ friend_id: Number(friend.perm_id) })
      expect(rowOf(await get('userMessage/getImConfig'))).to.include({ im_chat: false })
    })

    it('writes as its chat window does: JSON in mine and to, and the short names of the rest', async () => {
      const sent = rowOf(
        await post('userMessage/add', {
          mine: JSON.stringify({ content: '在吗？😀', avatar: '', mine: true }),
          to: JSON.stringify({ friend_id: friend.perm_id, name: '小红', type: 'friend' }),
          type: 'text',
          length: 'undefined',
          w: 'undefined',
          h: 'undefined',
          item_id: '',
        }),
      )
      expect(sent).to.include({ message_content: '在吗？😀', message_kind: 1, message_cat: 'text', num: 1 })
      const inbox = await messagesOf({}, friend)
      expect(inbox.items[0]).to.include({
        message_id: sent['message_other_id'],
        message_content: '在吗？😀',
        message_is_read: false,
        user_other_nickname: '小明',
      })
    })

    it('sends a product as a picture in a link, by GET', async () => {
      const bubble = '<a href="/pages/item?id=7"><img src="https://shop.example.com/7.png"></a>'
      const sent = rowOf(
        await get('userMessage/add', {
          user_other_id: friend.perm_id,
          message_content: bubble,
          type: 'item',
          item_id: '7',
        }),
      )
      expect(sent).to.include({ message_content: bubble, message_cat: 'item', message_data_id: '7' })
    })

    it('shows the chat the oldest first, with who wrote what', async () => {
      const chat = listOf<{ msg: { content: Row; userinfo: Row }; message_kind: number }>(
        await get('userMessage/listChatMsg', { user_other_id: own.perm_id, source_type: '2313' }, friend),
      )
      const contents = chat.items.map(({ msg }) => msg.content)
      expect(contents.map((content) => content['item_id'])).to.deep.equal([0, 7])
      expect(contents[0]).to.include({ text: '在吗？😀', message_content: '在吗？😀' })
      expect(chat.items.map(({ msg }) => msg.userinfo['username'])).to.deep.equal(['小明', '小明'])
    })

    it('counts what came, asks for the newest now and then, and marks a chat as read', async () => {
      const count = async (fields: Fields = {}) => rowOf(await get('userMessage/getMsgCount', fields, friend))
      expect(await count({ recently_flag: 'true' })).to.include({ num: 2 })
      expect((await count({ recently_flag: '1' }))['msg_row']).to.include({ message_cat: 'item' })
      gateway.clock.advance(6 * 60_000)
      expect(await count({ recently_flag: 'true' })).to.deep.include({ num: 2, msg_row: null })
      expect((await count())['msg_row']).to.include({ message_cat: 'item' })
      const read = { user_other_id: own.perm_id }
      expect((await post('userMessage/setRead', read, friend)).json).to.include({ status: 200, code: 0 })
      // What was read already is found too (account-beside.md §7).
      expect((await post('userMessage/setRead', read, friend)).json).to.include({ status: 200, code: 0 })
      expect(await count()).to.deep.equal({ num: 0, msg_row: null })
    })

    it('opens a message, which is read then, and nobody else may', async () => {
      const fields = { user_nickname: '小明', message_content: '在' }
      const { message_other_id: id } = rowOf(await post('userMessage/add', fields, friend))
      const message = { message_id: String(id) }
      expect((await get('userMessage/get', message, friend)).json).to.deep.include({
        status: 200,
        data: null,
      })
      expect(rowOf(await get('userMessage/get', message))).to.include({ message_is_read: false })
      expect(rowOf(await get('userMessage/get', message))).to.include({ message_is_read: true })
    })

    it('shows notices of the system by themselves', async () => {
      await gateway.call('open.message.send', { uids: own.perm_id, title: '发货通知', content: '已发货' })
      const { json } = await get('userMessage/getNotice')
      const [notice] = dataOf<readonly Row[]>(json)
      expect(notice).to.include({ message_title: '发货通知', message_type: 1 })
      expect(rowOf(await get('userMessage/getMsgCount', { recently_flag: 'true' }))).to.include({ num: 1 })
    })
  })
})
