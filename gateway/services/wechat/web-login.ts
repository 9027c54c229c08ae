import type { WechatWebAccount } from '../../../config/config.js'
import { authorizePage, readProfile } from './oauth.js'
import type { WebLogin } from './wechat.js'
import type { WechatClient } from './client.js'

/** The scan login of the PC site; `openUrl` is where WeChat's pages are. */
export function createWebLogin(account: WechatWebAccount, client: WechatClient, openUrl: string): WebLogin {
  const { appId, returnUrl } = account
  return {
    appId,
    returnUrl,
    qrConnectUrl: (request) =>
      authorizePage({ ...request, url: `${openUrl}/connect/qrconnect`, appId, scope: 'snsapi_login' }),
    readProfile: (code) => readProfile(client, account, code),
  }
}
