import { createHmac } from 'node:crypto'
import { expect } from 'chai'
import { findWechatEvent, listWechatEvents, type WechatEventRow } from '../../../../db/wechat-events.js'
import { keepHouse } from '../../../../gateway/start/housekeeping.js'
import { startGateway } from '../../../harness.js'
import { onEachDatabase } from '../../../servers/databases.js'
import {
  startVendorServer,
  type VendorRequest,
  type VendorServer,
} from '../../../servers/sms/vendor-server.js'
import { wechatApps } from '../../../servers/wechat/wechat.js'
import { eventMessage, post, textMessage } from '../../front/account/wechat/official-messages.js'
import { useGateway } from '../../../suite.js'

const secret = 'shared secret of the events'
const day = 86_400_000

onEachDatabase('messages of the official account', (database) => {
  let shop: VendorServer
  let posts: VendorRequest[] = []
  let status = 200
  const gateway = useGateway(database, async () => {
    shop = await startVendorServer((request) => {
      posts.push(request)
      return { status }
    })
    return {
      WECHAT_MP_APP_ID: wechatApps.official.appId,
      WECHAT_MP_SECRET: wechatApps.official.secret,
      WECHAT_MP_TOKEN: wechatApps.official.token,
      WECHAT_EVENT_URL: `${shop.url.replace('://', '://shop:pass%3Aword@')}/wechat?a=1`,
      WECHAT_EVENT_SECRET: secret,
    }
  })
  after(() => shop?.stop())
  beforeEach(() => {
    posts = []
    status = 200
    shop.mood = 'well'
  })

  const runQueue = async () => {
    while ((await gateway.services.queue.runDue()) > 0);
  }
  const newest = async (): Promise<WechatEventRow> => {
    const [row] = await listWechatEvents(gateway.db, { most: 1 })
    return row ?? expect.fail('no event was kept')
  }

  it('are posted to the shop, signed', async () => {
    await post(gateway, eventMessage({ FromUserName: 'oFollower', CreateTime: 1414243737 }))
    const row = await newest()
    await runQueue()
    expect(posts).to.have.length(1)
    const { method, target, headers, body } = posts[0] ?? expect.fail()
    expect({ method, target }).to.deep.equal({ method: 'POST', target: '/wechat?a=1' })
    expect(headers['content-type']).to.equal('application/json')
    expect(headers.authorization).to.equal(`Basic ${Buffer.from('shop:pass:word').toString('base64')}`)
    const timestamp = String(headers['x-passport-timestamp'])
    expect(Number(timestamp)).to.be.closeTo(gateway.clock.now() / 1000, 5)
    expect(headers['x-passport-signature']).to.equal(
      createHmac('sha256', secret).update(`${timestamp}.${body}`).digest('hex'),
    )
    expect(JSON.parse(body)).to.deep.equal({
      id: row.event_id,
      app_id: wechatApps.official.appId,
      openid: 'oFollower',
      type: 'event',
      event: 'subscribe',
      received_at: row.received_at,
      message: {
        ToUserName: 'gh_680bdefc8c5d',
        FromUserName: 'oFollower',
        CreateTime: '1414243737',
        MsgType: 'event',
        Event: 'subscribe',
        EventKey: '',
      },
    })
    expect((await newest()).delivered_at).to.be.a('number')
  })

  it('are posted once, however often WeChat sends them', async () => {
    const message = textMessage()
    for (let times = 0; times < 3; times++) await post(gateway, message)
    await runQueue()
    expect(posts).to.have.length(1)
  })

  it('are posted again until the shop takes them', async () => {
    for (const failure of [500, 302, 404]) {
      status = failure
      await post(gateway, textMessage())
      await runQueue()
      const { event_id, message_key, delivered_at } = await newest()
      expect(delivered_at).to.equal(null)
      gateway.clock.advance(60_000)
      status = 204
      await runQueue()
      const bodies = posts.map(({ body }) => (JSON.parse(body) as { id: number }).id)
      expect(bodies, String(failure)).to.deep.equal([event_id, event_id])
      expect((await findWechatEvent(gateway.db, message_key))?.delivered_at).to.be.a('number')
      posts = []
    }
  })

  it('neither hold WeChat up nor the mail of users while the shop is silent', async () => {
    shop.mood = 'silent'
    const started = performance.now()
    for (let count = 0; count < 10; count++)
      expect((await post(gateway, textMessage())).text).to.equal('success')
    expect(performance.now() - started).to.be.below(4000)
    const before = shop.requests
    await runQueue()
    // One waits until it gives up, the others don't even ask for a while.
    expect(shop.requests - before).to.be.at.most(1)
    shop.mood = 'well'
    gateway.clock.advance(120_000)
    await runQueue()
    expect(posts).to.have.length(10)
  })

  it('never show up in the log, nor does the secret', () => {
    expect(gateway.logLines.join('\n')).to.not.match(/oFollower|shared secret|pass%3Aword|pass:word|你好/)
  })

  it('are only kept where no shop is configured, and 30 days at most', async () => {
    const quiet = await startGateway(database, {
      WECHAT_MP_APP_ID: wechatApps.official.appId,
      WECHAT_MP_SECRET: wechatApps.official.secret,
      WECHAT_MP_TOKEN: wechatApps.official.token,
    })
    await post(quiet, textMessage())
    while ((await quiet.services.queue.runDue()) > 0);
    expect(posts).to.deep.equal([])
    const { message_key } = await newest()
    quiet.clock.advance(29 * day)
    await keepHouse(quiet.services)
    expect(await findWechatEvent(quiet.services.db, message_key)).to.include({ delivered_at: null })
    quiet.clock.advance(2 * day)
    await keepHouse(quiet.services)
    expect(await findWechatEvent(quiet.services.db, message_key)).to.equal(undefined)
    await quiet.close()
  })
})
