import { expect } from 'chai'
import { dataOf } from '../../harness.js'
import { createAccountClient } from '../../methods/front/account/account-client.js'
import { addCorrespondent, manyMessages } from '../../methods/front/account/userMessage/message-users.js'
import { listOf } from '../../methods/manage/account/administrators.js'
import { type TestBrowser, shareChromium } from '../../servers/chromium.js'
import { prepared, withGateway } from '../../suite.js'
import { goodMessages, hostileMessages } from './hostile-messages.js'
import { type MessagePage, openMessagePage, type Shown, type Way } from './message-page.js'

/** Messages of one page. */
const boxes = 10
const ways: readonly Way[] = ['innerHTML', 'document.write', 'parsed']

/** What a page may ask for where a message is shown: pictures of the shop's own or on http(s), but none of evil.example. */
const harmlessRequest = /^https?:\/\/(shop\.test|pictures\.example)\//

/** All of it that no message may do; empty: none. */
function describeHarm({ ran, requests, elements, addresses }: Shown): unknown[] {
  return [
    ...ran,
    ...requests.filter((url) => !harmlessRequest.test(url)),
    ...elements.filter(({ name, attributes }) => !isAllowed(name, Object.keys(attributes))),
    ...addresses.filter((address) => !/^(https?:\/\/.*)?$/s.test(address)),
  ]
}

/** Pages that load at the same time. */
const fewPages = 4

describe('hostile messages that nobody has sanitised', function () {
  this.timeout(120_000)
  let browser: TestBrowser
  before(async function () {
    browser = await shareChromium(this)
  })
  after(() => browser?.stop())

  async function harmOf(text: string): Promise<number> {
    const page = await openMessagePage(browser)
    const harm = describeHarm(await page.show([text], 'parsed'))
    await page.close()
    return harm.length
  }

  it('do their harm, so that the tests of sanitised ones can fail', async () => {
    // A third of them tells enough of the test.
    const texts = hostileMessages.filter((_, at) => at % 3 === 0)
    const harms: number[] = []
    // A page each: what one leads to must not fall upon the next. Few at once: each is to load before its time is up.
    for (let at = 0; at < texts.length; at += fewPages)
      harms.push(...(await Promise.all(texts.slice(at, at + fewPages).map(harmOf))))
    const harmless = texts.filter((_, at) => harms[at] === 0)
    expect(harmless.length, harmless.join('\n')).to.be.below(texts.length / 5)
  })
})

withGateway('messages in a page that shows them as HTML', manyMessages, function (gateway) {
  this.timeout(120_000)
  let browser: TestBrowser
  let page: MessagePage
  const client = createAccountClient(gateway)
  before(async function () {
    browser = await shareChromium(this)
    page = await openMessagePage(browser)
  })
  const sender = prepared(before, () => addCorrespondent(gateway, 'sender'))
  const receiver = prepared(before, () => addCorrespondent(gateway, 'receiver'))
  after(() => browser?.stop())

  /** Sends a text and reads it back in each way that the clients read messages. */
  async function exchange(text: string): Promise<string[]> {
    const { message_other_id: id } = await sender.send(receiver, text)
    const read = (path: string, fields: Record<string, string>) =>
      client.get(`userMessage/${path}`, fields, receiver.token)
    const list = listOf<Message>(await read('list', { size: '1' }))
    const chat = listOf<ChatItem>(await read('listChatMsg', { user_other_id: String(sender.uid), size: '1' }))
    const row = dataOf<Message>((await read('get', { message_id: String(id) })).json)
    const contents = [list.items[0]?.message_content, row.message_content, chat.items[0]?.msg.content.text]
    return [...new Set(contents.map((content) => content ?? expect.fail(`${text} was lost`)))]
  }

  async function expectHarmless(texts: readonly string[], way: Way): Promise<void> {
    const shown = await page.show(texts, way)
    expect(describeHarm(shown), `${texts.join('\n')}\nby ${way}`).to.deep.equal([])
    // A link that nobody closed goes on where a page is parsed as a whole; in a box of its own it ends with it.
    if (way === 'innerHTML') expect(shown.read, texts.join('\n')).to.have.length(texts.length)
  }

  it('run nothing, ask nobody else, and become nothing but pictures and links', async () => {
    const contents: string[] = []
    for (const text of hostileMessages) contents.push(...(await exchange(text)))
    for (let at = 0; at < contents.length; at += boxes)
      for (const way of ways) await expectHarmless(contents.slice(at, at + boxes), way)
  })

  it('keep their picture', async () => {
    for (const content of await exchange(goodMessages.picture))
      for (const way of ways) {
        const shown = await page.show([content], way)
        const src = 'https://pictures.example/product.png'
        expect(shown.elements, way).to.deep.equal([{ name: 'img', attributes: { src } }])
        expect(shown.requests, way).to.deep.equal([src])
        expect(shown.read, way).to.deep.equal(['look  here'])
      }
  })

  it('keep their link', async () => {
    for (const content of await exchange(goodMessages.link))
      for (const way of ways) {
        const shown = await page.show([content], way)
        const href = 'https://shop.example/item?id=1&from=chat'
        expect(shown.elements, way).to.deep.equal([{ name: 'a', attributes: { href } }])
        expect(shown.addresses, way).to.deep.equal([href])
        expect(shown.read, way).to.deep.equal(['see this product!'])
      }
  })

  it('keep a picture in a link, both on the site itself', async () => {
    for (const content of await exchange(goodMessages.product))
      for (const way of ways) {
        const { addresses, elements } = await page.show([content], way)
        expect(
          elements.map(({ name }) => name),
          way,
        ).to.deep.equal(['a', 'img'])
        const found = ['http://shop.test/pages/item?id=7', 'http://shop.test/upload/product.png']
        expect(addresses, way).to.deep.equal(found)
      }
  })

  it('are harmless in the name of whoever wrote them', async () => {
    const names: string[] = []
    for (const user_nickname of hostileMessages.filter((text) => text.length <= 50)) {
      const { json } = await client.post('user/edit', { user_nickname }, sender.token)
      const isTaken = json?.['status'] === 200
      expect(isTaken, user_nickname).to.equal(!/[<>]/.test(user_nickname))
      if (!isTaken) continue
      await sender.send(receiver, 'hello')
      const list = await client.get('userMessage/list', { size: '1' }, receiver.token)
      const [item] = listOf<Message>(list).items
      expect(item?.user_other_nickname).to.equal(user_nickname)
      names.push(user_nickname)
    }
    expect(names.length).to.be.above(0)
    for (const way of ways) await expectHarmless(names, way)
  })

  it('have the title that was given, which is a text and no markup', async () => {
    for (const title of hostileMessages.filter((text) => text.length <= 50)) {
      const fields = { user_other_id: String(receiver.uid), message_title: title, message_content: 'hello' }
      await client.post('userMessage/add', fields, sender.token)
      const list = await client.get('userMessage/list', { size: '1' }, receiver.token)
      expect(listOf<Message>(list).items[0]?.message_title).to.equal(title)
    }
  })
})

interface Message {
  readonly message_content: string
  readonly message_title: string
  readonly user_other_nickname: string
}

interface ChatItem {
  readonly msg: { readonly content: { readonly text: string } }
}

function isAllowed(name: string, attributes: readonly string[]): boolean {
  const only = { img: 'src', a: 'href' }[name]
  return only !== undefined && attributes.every((attribute) => attribute === only)
}
