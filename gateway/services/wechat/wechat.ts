/** Who WeChat says somebody is: the openid is the application's own, the unionid one for all of a merchant's. */
export interface WechatIdentity {
  readonly openid: string
  readonly unionid?: string
}

export interface WechatProfile extends WechatIdentity {
  readonly nickname: string
  /** URL; empty when the user shows none. */
  readonly avatar: string
  /** WeChat said who it is, and then failed: neither profile nor, it may be, unionid are known. */
  readonly isCutShort?: boolean
}

/** The official account (公众号): pages opened inside WeChat, and the messages users send it. */
export interface OfficialAccount {
  readonly appId: string
  /** Where a visitor agrees to sign in (connect/oauth2/authorize), `#wechat_redirect` included. */
  authorizeUrl(request: { readonly redirectUri: string; readonly state: string }): string
  /** Trades an OAuth code for who agreed. Throws WECHAT_FAILED. */
  readProfile(code: string): Promise<WechatProfile>
  /** Trades an OAuth code for the openid alone. Throws WECHAT_FAILED. */
  readOpenid(code: string): Promise<string>
  /** The current jsapi_ticket, shared by all nodes. Throws WECHAT_FAILED. */
  jsapiTicket(): Promise<string>
  /**
   * Shared secrets and AES keys of the message callback, newest first; absent when not configured. Messages come plain
   * where there is no key.
   */
  readonly messages?: { readonly tokens: readonly string[]; readonly aesKeys: readonly Buffer[] }
}

/** What `wx.login` of a mini program stands for. */
export interface MiniSession extends WechatIdentity {
  /** Base64; what `encryptedData` is encrypted under, or empty. Never leaves the server. */
  readonly sessionKey: string
}

export interface MiniPhone {
  /** Country calling code without a plus. */
  readonly area: string
  /** National number. */
  readonly number: string
}

/** The mini program (小程序). */
export interface MiniProgram {
  readonly appId: string
  /** sns/jscode2session. Throws WECHAT_FAILED. */
  openSession(code: string): Promise<MiniSession>
  /** wxa/business/getuserphonenumber. Throws WECHAT_FAILED. */
  readPhone(code: string): Promise<MiniPhone>
  /** The current access_token, shared by all nodes; `fresh` asks WeChat which it is. Throws WECHAT_FAILED. */
  accessToken(options?: { readonly fresh?: boolean }): Promise<string>
}

/** Scan login of the PC site (开放平台 网站应用). */
export interface WebLogin {
  readonly appId: string
  /** WeChat's page with the QR code (connect/qrconnect). */
  qrConnectUrl(request: { readonly redirectUri: string; readonly state: string }): string
  /** Trades an OAuth code for who scanned. Throws WECHAT_FAILED. */
  readProfile(code: string): Promise<WechatProfile>
  /** Where the PC site stands, without a slash at its end (`WECHAT_WEB_RETURN`). */
  readonly returnUrl: string
}

/** The ways of WeChat that are configured; an absent one answers `…功能未启用` (account.md §9). */
export interface Wechat {
  readonly official?: OfficialAccount
  readonly mini?: MiniProgram
  readonly web?: WebLogin
}
