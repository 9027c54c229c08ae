import { expect } from 'chai'
import { createHash } from 'node:crypto'
import { doneWith, fieldRefused, wechatFailed, wechatOff } from '../../../../answers.js'
import { dataOf, startGateway } from '../../../../harness.js'
import { onEachDatabase } from '../../../../servers/databases.js'
import { contractDocuments } from '../../../../../schemas/contracts.js'
import { startWechat, wechatApps } from '../../../../servers/wechat/wechat.js'
import { prepared, useGateway } from '../../../../suite.js'

const path = '/front/account/wechat/wxConfig'
const page = 'https://shop.example.com/h5/?id=1&from=a%20b'

interface PageConfig {
  readonly url: string
  readonly appId: string
  readonly nonceStr: string
  readonly timestamp: string
  readonly signature: string
}

onEachDatabase('front.account.wechat.wxConfig', (database) => {
  const wechat = prepared(
    before,
    () => startWechat(),
    (wechat) => wechat.stop(),
  )
  const gateway = useGateway(database, () => wechat.settings())

  const ask = (href: string, by = gateway) =>
    by.request(`${path}?${new URLSearchParams({ href }).toString()}`)
  const configOf = async (href: string) => dataOf<PageConfig>((await ask(href)).json)

  it('answers what wx.config wants, signed with the ticket of the official account', async () => {
    const { status, text, json } = await ask(page)
    expect(status).to.equal(200)
    const config = dataOf<PageConfig>(json)
    const { url, appId, nonceStr, timestamp, signature } = config
    expect({ url, appId }).to.deep.equal({ url: page, appId: wechatApps.official.appId })
    expect(nonceStr).to.match(/^[0-9a-f]{16}$/)
    expect(Number(timestamp)).to.be.closeTo(gateway.clock.now() / 1000, 5)
    const ticket = await gateway.services.wechat.official?.jsapiTicket()
    const signed = `jsapi_ticket=${ticket}&noncestr=${nonceStr}&timestamp=${timestamp}&url=${page}`
    expect(signature).to.equal(createHash('sha1').update(signed).digest('hex'))
    const data = `{"url":"${page}","appId":"${appId}","nonceStr":"${nonceStr}","timestamp":"${timestamp}","signature":"${signature}"}`
    expect(text).to.equal(doneWith(data))
    expect(text).to.not.include(ticket)
  })

  it('signs the address without what stands behind #, and draws a nonce each time', async () => {
    const [one, other] = [await configOf(`${page}#/goods/1`), await configOf(page)]
    expect(one.url).to.equal(page)
    expect(one.nonceStr).to.not.equal(other.nonceStr)
  })

  it('asks WeChat once for all pages', async () => {
    await Promise.all(Array.from({ length: 20 }, () => ask(page)))
    expect(wechat.calls('/cgi-bin/ticket/getticket')).to.equal(1)
    expect(wechat.calls('/cgi-bin/stable_token')).to.equal(1)
  })

  it('takes http and https addresses only, at most 2048 characters', async () => {
    for (const href of [
      '',
      'javascript:alert(1)',
      'file:///etc/passwd',
      '//evil.example.com',
      'https://a b',
      'https://a\nb',
      `https://a/${'a'.repeat(2048)}`,
    ]) {
      const { json } = await ask(href)
      expect(json, href).to.include({ status: 250, code: 0, error: 'FIELD_REFUSED' })
    }
  })

  it('says in words that the address must be encoded', async () => {
    expect((await gateway.request(path)).text).to.equal(
      fieldRefused('请填写页面地址（须经encodeURIComponent编码）'),
    )
    expect((await ask('shop.example.com')).text).to.equal(
      fieldRefused('页面地址（须经encodeURIComponent编码）格式不正确'),
    )
    const { description } = contractDocuments['front.account.wechat.wxConfig'].properties['href'] ?? {}
    expect(description).to.include('encodeURIComponent(location.href)')
  })

  it('signs what is left of an address that came unencoded, and shows it', async () => {
    const { json } = await gateway.request(`${path}?href=https://shop.example.com/h5/?id=1&from=a`)
    expect(dataOf<PageConfig>(json).url).to.equal('https://shop.example.com/h5/?id=1')
  })

  it('asks WeChat, which gives no token, once in ten seconds', async () => {
    gateway.clock.advance(3 * 3600_000)
    wechat.refuse('/cgi-bin/stable_token', 40164, 20)
    const before = wechat.calls('/cgi-bin/stable_token')
    for (let n = 0; n < 10; n++) expect((await ask(page)).text).to.equal(wechatFailed)
    expect(wechat.calls('/cgi-bin/stable_token')).to.equal(before + 1)
    gateway.clock.advance(10_000)
    expect((await ask(page)).text).to.equal(wechatFailed)
    expect(wechat.calls('/cgi-bin/stable_token')).to.equal(before + 2)
    wechat.refuse('/cgi-bin/stable_token', 0, 0)
    gateway.clock.advance(10_000)
    expect((await configOf(page)).url).to.equal(page)
  })

  it('answers an address 120 times in a minute', async () => {
    const strict = await startGateway(database, { ...wechat.settings(), LIMIT_IP_SCALE: '1' })
    for (let n = 0; n < 120; n++) expect((await ask(page, strict)).json).to.include({ status: 200 })
    expect((await ask(page, strict)).json).to.include({ code: 300, error: 'TOO_MANY_REQUESTS' })
    await strict.close()
  })

  it('says that the official account is off where it is not configured', async () => {
    const without = await startGateway(database)
    expect((await ask(page, without)).text).to.equal(wechatOff)
    await without.close()
  })
})
