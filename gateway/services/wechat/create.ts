import type { WechatConfig } from '../../../config/config.js'
import type { Metrics } from '../telemetry/metrics.js'
import { createCapturedClient } from './captured.js'
import { createMiniProgram } from './mini-program.js'
import { createOfficialAccount } from './official-account.js'
import type { TokenParts } from './shared-token.js'
import { createWebLogin } from './web-login.js'
import type { Wechat } from './wechat.js'
import { createWechatClient, type WechatClient, type WechatWay } from './client.js'

interface WechatParts extends TokenParts {
  readonly metrics: Metrics
  /** Whether what would be asked is captured instead. */
  readonly isCaptured: boolean
}

/** The ways of WeChat that are configured. Each has a client of its own: one that WeChat refuses does not stop others. */
export function createWechat(config: WechatConfig, parts: WechatParts): Wechat {
  const { apiUrl, openUrl, official, mini, web } = config
  const clients: WechatClient[] = []
  const clientFor = (way: WechatWay): WechatClient => {
    const client = parts.isCaptured
      ? createCapturedClient(way, parts)
      : createWechatClient({ ...parts, way, apiUrl })
    clients.push(client)
    return client
  }
  const wechat: Wechat = {
    ...(official && {
      official: createOfficialAccount(official, clientFor('official'), { ...parts, openUrl }),
    }),
    ...(mini && { mini: createMiniProgram(mini, clientFor('mini'), parts) }),
    ...(web && { web: createWebLogin(web, clientFor('web'), openUrl) }),
  }
  const gauge = {
    name: 'gateway_wechat_resting',
    help: 'Whether calls of WeChat are left out for a while, 1 or 0',
    label: 'way',
  }
  parts.metrics.watchEach(gauge, () => clients.map((client) => [client.way, client.isResting() ? 1 : 0]))
  return wechat
}
