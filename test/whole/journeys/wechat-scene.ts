import { startGateway, type TestGateway } from '../../harness.js'
import { freePort } from '../../servers/processes/process.js'
import { type ReturnSite, startReturnSite } from '../../servers/return-site.js'
import { startWechat, type Wechat, type WechatWay } from '../../servers/wechat/wechat.js'

/** A gateway at its public address, WeChat, and a shop to return to. */
export interface WechatScene {
  readonly wechat: Wechat
  readonly gateway: TestGateway
  readonly shop: ReturnSite
  stop(): Promise<void>
}

/** Starts the scene; the gateway has the ways of WeChat that are named, and the shop is its PC site. */
export async function startWechatScene(
  database: { readonly url: string },
  ways?: readonly WechatWay[],
): Promise<WechatScene> {
  const [wechat, shop, port] = await Promise.all([startWechat(), startReturnSite(), freePort()])
  const address = `127.0.0.1:${port}`
  const settings = { ...wechat.settings(ways), PORT: String(port), PUBLIC_URL: `http://${address}` }
  if ('WECHAT_WEB_RETURN' in settings) Object.assign(settings, { WECHAT_WEB_RETURN: shop.url })
  const gateway = await startGateway(database, { ...settings, CALLBACK_HOSTS: shop.host })
  // WeChat leads back to the domain that the merchant has registered, to no other.
  wechat.returnHost = address
  return {
    wechat,
    gateway,
    shop,
    async stop() {
      await gateway.close()
      await Promise.all([wechat.stop(), shop.stop()])
    },
  }
}
