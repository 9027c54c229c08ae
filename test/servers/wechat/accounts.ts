/** The three applications a merchant has at WeChat, one for each way to sign in. */
export type WechatWay = 'official' | 'mini' | 'web'

/** The applications the stand-in knows: what a gateway must be configured with to use it. */
export const wechatApps = {
  official: {
    appId: 'wx0a1b2c3d4e5f6a7b',
    secret: '0123456789abcdef0123456789abcdef',
    /** Signs what WeChat sends to the message callback. */
    token: 'MadeUpForTheTests',
    /** EncodingAESKey: 43 characters of base64. */
    aesKey: 'abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG',
  },
  mini: { appId: 'wx1111222233334444', secret: 'fedcba9876543210fedcba9876543210' },
  web: { appId: 'wx5555666677778888', secret: '00112233445566778899aabbccddeeff' },
} as const

/** Which of the applications has an id. */
export function wayOfApp(appId: string | null): WechatWay | undefined {
  const ways: readonly WechatWay[] = ['official', 'mini', 'web']
  return ways.find((way) => wechatApps[way].appId === appId)
}

/** The configuration that uses a stand-in for some of the ways. */
export function wechatSettings(url: string, ways: readonly WechatWay[]): Record<string, string> {
  const { official, mini, web } = wechatApps
  const settings: Readonly<Record<WechatWay, Readonly<Record<string, string>>>> = {
    official: {
      WECHAT_MP_APP_ID: official.appId,
      WECHAT_MP_SECRET: official.secret,
      WECHAT_MP_TOKEN: official.token,
      WECHAT_MP_AES_KEY: official.aesKey,
    },
    mini: { WECHAT_MINI_APP_ID: mini.appId, WECHAT_MINI_SECRET: mini.secret },
    web: {
      WECHAT_WEB_APP_ID: web.appId,
      WECHAT_WEB_SECRET: web.secret,
      WECHAT_WEB_RETURN: 'https://pc.example.com',
    },
  }
  const addresses = { WECHAT_API_URL: url, WECHAT_OPEN_URL: url }
  return Object.assign(addresses, ...ways.map((way) => settings[way])) as Record<string, string>
}
