import { expect } from 'chai'
import { saveSetting } from '../../../../../db/settings.js'
import { listWechatEvents } from '../../../../../db/wechat-events.js'
import type { HttpAnswer } from '../../../../fetch-answer.js'
import { startGateway, type TestGateway } from '../../../../harness.js'
import { onEachDatabase } from '../../../../servers/databases.js'
import { startWechat, type Wechat, wechatApps } from '../../../../servers/wechat/wechat.js'
import {
  elementOf,
  eventMessage,
  indexPath,
  openAnswer,
  post,
  postSealed,
  sign,
  signedQuery,
  textMessage,
  writeXml,
} from './official-messages.js'
import { useGateway } from '../../../../suite.js'

const minute = 60

onEachDatabase('front.account.wechat.index', (database) => {
  let wechat: Wechat
  /** Takes plain messages (明文模式). */
  const gateway = useGateway(database, async () => {
    wechat = await startWechat()
    const { WECHAT_MP_AES_KEY: _, ...plain } = wechat.settings()
    return plain
  })
  /** The same with an AES key (安全模式). */
  let safe: TestGateway
  before(async () => {
    safe = await startGateway(database, wechat.settings())
  })
  after(async () => {
    await safe?.close()
    await wechat?.stop()
  })

  const get = (query: Record<string, string>): Promise<HttpAnswer> =>
    gateway.request(`${indexPath}?${new URLSearchParams(query).toString()}`)
  const refused = ({ status, text }: HttpAnswer, expected = 403) =>
    expect({ status, text }).to.deep.equal({ status: expected, text: '' })
  const accepted = ({ status, text }: HttpAnswer) =>
    expect({ status, text }).to.deep.equal({ status: 200, text: 'success' })
  const kept = () => listWechatEvents(gateway.db, { most: 1000 })
  const nowSeconds = () => Math.floor(gateway.clock.now() / 1000)
  /** Sets what is answered, and waits until no cache holds what was answered before. */
  const setReply = async (key: string, text: string) => {
    await saveSetting(gateway.db, key, text)
    for (const { services } of [gateway, safe]) services.cache.drop('wechat-replies')
  }

  describe('GET', () => {
    it('gives echostr back, raw, to who signs with the token', async () => {
      const { status, text, headers } = await get({ ...signedQuery(gateway), echostr: '5836725168236184651' })
      expect({ status, text }).to.deep.equal({ status: 200, text: '5836725168236184651' })
      expect(headers.get('content-type')).to.equal('text/plain; charset=utf-8')
      expect(headers.get('x-content-type-options')).to.equal('nosniff')
      expect(headers.get('cache-control')).to.equal('no-store')
    })

    it('answers the signature that WeChat made, whenever that was', async () => {
      // Of a published request (see message-crypto.test.ts), by the token "weixin".
      const other = await startGateway(database, { ...wechat.settings(), WECHAT_MP_TOKEN: 'weixin' })
      const query =
        'signature=35703636de2f9df2a77a662b68e521ce17c34db4&timestamp=1414243737&nonce=1792106704&echostr=a'
      expect((await other.request(`${indexPath}?${query}`)).text).to.equal('a')
      await other.close()
    })

    it('answers an empty 403 to everybody else', async () => {
      const signed = signedQuery(gateway)
      const { signature = '', nonce = '' } = signed
      const query = { ...signed, echostr: 'hello' }
      refused(await get({}))
      refused(await get({ echostr: 'hello' }))
      refused(await get({ ...query, signature: '' }))
      refused(await get({ ...query, signature: signature.toUpperCase() }))
      refused(await get({ ...query, nonce: `${nonce}1` }))
      refused(await get({ ...query, ...signedQuery(gateway, { token: 'AnotherToken' }) }))
      refused(await get({ ...query, ...signedQuery(gateway, { token: '' }) }))
    })

    it('spends its signature, which covers no message', async () => {
      const query = signedQuery(gateway)
      for (let time = 0; time < 2; time++)
        expect((await get({ ...query, echostr: 'hello' })).text).to.equal('hello')
      refused(await post(gateway, textMessage(), query))
    })

    it('stays an empty 403 by its name', async () => {
      refused(await gateway.call('front.account.wechat.index', { echostr: 'hello' }, { app: null }))
    })
  })

  describe('without a token', () => {
    let open: TestGateway
    before(async () => {
      const { WECHAT_MP_TOKEN: _, WECHAT_MP_AES_KEY: __, ...settings } = wechat.settings()
      open = await startGateway(database, settings)
    })
    after(() => open.close())

    it('refuses what is signed with an empty one', async () => {
      const query = signedQuery(open, { token: '' })
      const asked = new URLSearchParams({ ...query, echostr: 'hello' }).toString()
      refused(await open.request(`${indexPath}?${asked}`))
      refused(await post(open, textMessage(), query))
      refused(await postSealed(open, textMessage(), { token: '', messageToken: '' }))
    })

    it('refuses everything while there is no official account at all', async () => {
      const without = await startGateway(database)
      refused(await post(without, textMessage(), signedQuery(without, { token: '' })))
      refused(await without.request(`${indexPath}?echostr=hello`))
      await without.close()
    })
  })

  describe('POST', () => {
    it('keeps a message and says success', async () => {
      const answer = await post(
        gateway,
        textMessage({ MsgId: '6074130599188426998', Content: ' 你好 <b>&😀 ' }),
      )
      accepted(answer)
      expect(answer.headers.get('content-type')).to.equal('text/plain; charset=utf-8')
      const [row] = await kept()
      expect(row).to.include({
        app_id: wechatApps.official.appId,
        openid: 'oIDrpjpQ8j8mBuQ8nM26HWzNEZgg',
        message_type: 'text',
        event: '',
        delivered_at: null,
      })
      expect(JSON.parse(row?.content ?? '')).to.deep.equal({
        ToUserName: 'gh_680bdefc8c5d',
        FromUserName: 'oIDrpjpQ8j8mBuQ8nM26HWzNEZgg',
        CreateTime: '1414243737',
        MsgType: 'text',
        Content: ' 你好 <b>&😀 ',
        MsgId: '6074130599188426998',
      })
    })

    it('reads encrypted messages', async () => {
      accepted(await postSealed(safe, eventMessage({ Event: 'CLICK', EventKey: 'V1001' })))
      const [row] = await kept()
      expect(row).to.include({ message_type: 'event', event: 'CLICK' })
      expect(JSON.parse(row?.content ?? '')).to.include({ EventKey: 'V1001' })
    })

    it('takes plain ones or encrypted ones only, as there is an AES key', async () => {
      const before = (await kept()).length
      refused(await post(safe, textMessage()))
      refused(await postSealed(gateway, textMessage()))
      expect(await kept()).to.have.length(before)
      const reasons = [safe, gateway].map(({ logLines }) => /"reason":"([^"]+)"/.exec(logLines.join())?.[1])
      expect(reasons).to.deep.equal(['plain, with an AES key', 'encrypted, without an AES key'])
    })

    it('reads a message without a content type, and finds none in a form', async () => {
      const before = (await kept()).length
      const query = new URLSearchParams({ ...signedQuery(gateway), echostr: 'hello' }).toString()
      const send = (body: Buffer | URLSearchParams) =>
        gateway.request(`${indexPath}?${query}`, { method: 'POST', body })
      accepted(await send(Buffer.from(textMessage())))
      expect(await kept()).to.have.length(before + 1)
      refused(await send(new URLSearchParams({ a: '1' })), 400)
      refused(await send(Buffer.alloc(0)), 400)
    })

    it('keeps a message once, however often WeChat sends it', async () => {
      const before = (await kept()).length
      const message = textMessage()
      const query = signedQuery(gateway)
      for (const again of [query, query, signedQuery(gateway)]) accepted(await post(gateway, message, again))
      accepted(await postSealed(safe, message))
      expect(await kept()).to.have.length(before + 1)
      const event = eventMessage()
      accepted(await post(gateway, event))
      accepted(await post(gateway, event))
      expect(await kept()).to.have.length(before + 2)
    })

    it('keeps it once when many come at a time', async () => {
      const before = (await kept()).length
      const message = textMessage()
      const answers = await Promise.all(Array.from({ length: 40 }, () => post(gateway, message)))
      for (const answer of answers) accepted(answer)
      expect(await kept()).to.have.length(before + 1)
    })

    it('tells events apart by who, when and what', async () => {
      const before = (await kept()).length
      const fields = { FromUserName: 'oSomebody', Event: 'CLICK', EventKey: 'a' }
      const different = [
        {},
        { CreateTime: 5 },
        { FromUserName: 'oElse' },
        { Event: 'VIEW' },
        { EventKey: 'b' },
      ]
      for (const change of different) accepted(await post(gateway, eventMessage({ ...fields, ...change })))
      expect(await kept()).to.have.length(before + different.length)
    })

    it('refuses forged signatures, of plain and of encrypted messages', async () => {
      const before = (await kept()).length
      const query = signedQuery(gateway)
      refused(await post(gateway, textMessage(), {}))
      refused(await post(gateway, textMessage(), { ...query, signature: sign('a', 'b') }))
      refused(await post(gateway, textMessage(), signedQuery(gateway, { token: 'AnotherToken' })))
      refused(await post(gateway, textMessage(), signedQuery(gateway, { token: '' })))
      // Right for the address, but the message was signed with another token, or not at all.
      refused(await postSealed(safe, textMessage(), { messageToken: 'AnotherToken' }))
      refused(await postSealed(safe, textMessage(), { messageToken: '' }))
      refused(await postSealed(safe, textMessage(), { token: 'AnotherToken' }))
      refused(await post(safe, textMessage(), { ...query, encrypt_type: 'aes' }))
      const { signature = '' } = query
      refused(await post(safe, textMessage(), { ...query, encrypt_type: 'aes', msg_signature: signature }))
      expect(await kept()).to.have.length(before)
    })

    it('refuses encrypted messages for another app', async () => {
      refused(await postSealed(safe, textMessage(), { app: 'wx0000000000000000' }))
    })

    it('refuses another message under a signature that was used', async () => {
      const query = signedQuery(gateway)
      accepted(await post(gateway, textMessage(), query))
      const before = (await kept()).length
      refused(await post(gateway, textMessage(), query))
      refused(await post(gateway, eventMessage(), query))
      expect(await kept()).to.have.length(before)
      // Of many at a time, one.
      const fresh = signedQuery(gateway)
      const answers = await Promise.all(Array.from({ length: 20 }, () => post(gateway, textMessage(), fresh)))
      expect(answers.filter(({ status }) => status === 200)).to.have.length(1)
      expect(answers.filter(({ status }) => status === 403)).to.have.length(19)
      expect(await kept()).to.have.length(before + 1)
    })

    it('refuses a message under a signature that came with a repeated one or with none', async () => {
      const message = textMessage()
      accepted(await post(gateway, message))
      const [repeated, empty] = [signedQuery(gateway), signedQuery(gateway)]
      accepted(await post(gateway, message, repeated))
      refused(await post(gateway, 'hello', empty), 400)
      const before = (await kept()).length
      for (const seen of [repeated, empty]) refused(await post(gateway, textMessage(), seen))
      expect(await kept()).to.have.length(before)
      // WeChat may send the very same request again.
      accepted(await post(gateway, message, repeated))
    })

    it('refuses signatures older or younger than ten minutes', async () => {
      for (const off of [-9 * minute, 9 * minute])
        accepted(
          await post(gateway, textMessage(), signedQuery(gateway, { timestamp: String(nowSeconds() + off) })),
        )
      for (const off of [-11 * minute, 11 * minute])
        refused(
          await post(gateway, textMessage(), signedQuery(gateway, { timestamp: String(nowSeconds() + off) })),
        )
      for (const timestamp of ['', '0', '-1', 'NaN', '1e9', ` ${nowSeconds()}`, '9'.repeat(20)])
        refused(await post(gateway, textMessage(), signedQuery(gateway, { timestamp })))
    })

    it('answers 400 to what is signed but no message, and goes on', async () => {
      const bad = [
        '<xml></xml>',
        'hello',
        '<!DOCTYPE xml [<!ENTITY x SYSTEM "file:///etc/passwd">]><xml><Content>&x;</Content></xml>',
        textMessage({ FromUserName: '' }),
        textMessage({ FromUserName: 'o'.repeat(101) }),
        textMessage({ MsgType: '' }),
        textMessage({ MsgType: 'a b' }),
        textMessage({ MsgId: '' }),
        eventMessage({ CreateTime: '' }),
        eventMessage({ Event: '' }),
        writeXml({ FromUserName: 'a', MsgType: 'text', MsgId: '1', Content: '"'.repeat(40_000) }),
        '<xml><__proto__><MsgId>1</MsgId></__proto__><FromUserName>a</FromUserName><MsgType>text</MsgType></xml>',
      ]
      for (const body of bad) refused(await post(gateway, body), 400)
      accepted(await post(gateway, textMessage()))
    })

    it('refuses a body that is too large before it is read', async () => {
      const { status } = await post(gateway, textMessage({ Content: 'x'.repeat(300_000) }))
      expect(status).to.equal(413)
    })

    it('logs nothing of a message', async () => {
      accepted(
        await post(gateway, textMessage({ Content: 'a secret of mine', FromUserName: 'oNobodysBusiness' })),
      )
      expect(gateway.logLines.join('\n')).to.not.match(/a secret of mine|oNobodysBusiness|signature/)
    })
  })

  describe('while token and AES key are changed', () => {
    const [newKey, oldKey] = ['Z9'.repeat(21) + '0', wechatApps.official.aesKey]
    const [newToken, oldToken] = ['NewToken', wechatApps.official.token]
    let changing: TestGateway
    before(async () => {
      const env = { WECHAT_MP_TOKEN: `${newToken},${oldToken}`, WECHAT_MP_AES_KEY: `${newKey},${oldKey}` }
      changing = await startGateway(database, { ...wechat.settings(), ...env })
      await saveSetting(changing.services.db, 'wechat_reply_text', '客服稍后回复')
      changing.services.cache.drop('wechat-replies')
    })
    after(async () => {
      await setReply('wechat_reply_text', '')
      await changing?.close()
    })

    for (const [what, token, aesKey] of [
      ['the new ones', newToken, newKey],
      ['the old ones', oldToken, oldKey],
      ['the new key and the old token', oldToken, newKey],
    ] as const)
      it(`takes messages under ${what}, and answers with these`, async () => {
        const by = { token, messageToken: token, aesKey }
        const { status, text } = await postSealed(changing, textMessage({ FromUserName: 'oChanging' }), by)
        expect(status).to.equal(200)
        expect(elementOf(openAnswer(text, by), 'Content')).to.equal('客服稍后回复')
        const asked = new URLSearchParams({
          ...signedQuery(changing, { token }),
          echostr: 'hello',
        }).toString()
        expect((await changing.request(`${indexPath}?${asked}`)).text).to.equal('hello')
      })

    it('takes none under others, and none whose two signatures are by different tokens', async () => {
      for (const by of [
        { aesKey: 'a'.repeat(43) },
        { token: 'Another', messageToken: 'Another', aesKey: newKey },
        { token: newToken, messageToken: oldToken, aesKey: newKey },
      ])
        refused(await postSealed(changing, textMessage(), by))
      refused(await post(changing, textMessage()))
    })
  })

  describe('replies', () => {
    beforeEach(async () => {
      await setReply('wechat_reply_subscribe', '欢迎关注 ]]> & <b>')
      await setReply('wechat_reply_text', '客服稍后回复')
    })
    after(async () => {
      await setReply('wechat_reply_subscribe', '')
      await setReply('wechat_reply_text', '')
    })

    it('greet a new follower', async () => {
      const { status, text, headers } = await post(gateway, eventMessage({ FromUserName: 'oFollower' }))
      expect(status).to.equal(200)
      expect(headers.get('content-type')).to.equal('application/xml; charset=utf-8')
      expect(text.replace(/<CreateTime>\d+</, '<CreateTime>1<')).to.equal(
        '<xml><ToUserName><![CDATA[oFollower]]></ToUserName><FromUserName><![CDATA[gh_680bdefc8c5d]]></FromUserName>' +
          '<CreateTime>1</CreateTime><MsgType><![CDATA[text]]></MsgType>' +
          '<Content><![CDATA[欢迎关注 ]]]]><![CDATA[> & <b>]]></Content></xml>',
      )
      expect(Number(elementOf(text, 'CreateTime'))).to.be.closeTo(nowSeconds(), 5)
    })

    it('answer who writes, encrypted where the message was', async () => {
      expect(elementOf((await post(gateway, textMessage())).text, 'Content')).to.equal('客服稍后回复')
      const { text } = await postSealed(safe, textMessage({ FromUserName: 'oWriter' }))
      expect(text).to.not.include('客服')
      const reply = openAnswer(text)
      expect(elementOf(reply, 'Content')).to.equal('客服稍后回复')
      expect(elementOf(reply, 'ToUserName')).to.equal('oWriter')
    })

    it('are not said again to a message that WeChat repeats', async () => {
      const message = textMessage()
      expect((await post(gateway, message)).text).to.include('客服稍后回复')
      accepted(await post(gateway, message))
    })

    it('are for texts and new followers only', async () => {
      accepted(await post(gateway, textMessage({ MsgType: 'image' })))
      accepted(await post(gateway, eventMessage({ Event: 'unsubscribe' })))
    })

    it('are none while nothing is set', async () => {
      await setReply('wechat_reply_text', '')
      accepted(await post(gateway, textMessage()))
    })
  })
})
