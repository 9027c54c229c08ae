/** What the wire pages demand, where it stands there, and in short. */
export interface WireRule {
  readonly page: 'passport.md' | 'account.md'
  readonly section: string
  readonly says: string
}

const passport = (section: string, says: string): WireRule => ({ page: 'passport.md', section, says })
const account = (section: string, says: string): WireRule => ({ page: 'account.md', section, says })

/** The rules that checks go back to. */
export const rules = {
  endpoint: passport('§1', '/gateway, /gateway/ and / are the same endpoint'),
  merging: passport(
    '§1',
    'GET and POST are the same; the first value of a name counts, the query before the body',
  ),
  unknownParameter: passport('§1', 'parameters nobody declared are ignored, and signed'),
  noMethod: passport(
    '§1',
    'an unknown or missing method is HTTP 404 with code 1000; names are case-sensitive',
  ),
  jsonp: passport('§1', 'JSONP for open.passport.get alone, its callback checked: [\\w$.]{1,64}'),
  success: passport('§2', 'success is {"code":200,"data":…,"message":…}; nothing is []'),
  error: passport('§2', 'an error is HTTP 200 with {"code":N,"message":"…"} and nothing else'),
  signatureMissing: passport('§3', 'no signature: 500 缺少client_secret'),
  signatureWrong: passport('§3', 'a wrong signature, an unknown or missing client_type: 500 数据验证错误.'),
  signed: passport('§3', 'what the legacy signature covers, and how'),
  signedAgain: passport('§3', 'the same URL works again in the legacy scheme'),
  hmac: passport('§3', 'hmac-sha256: within 300 s, each nonce once, never MD5'),
  debug: passport('§3', 'debug=XYZ is off, and a part of the signed text'),
  parameters: passport('§5', 'checks of parameters in their order, each with its number and text'),
  unknownUser: passport('§5', 'an unknown user is 10010 用户不存在, under HTTP 200'),
  methodAnswer: passport('§5', 'success message and data of each method'),
  card: passport('§6', 'types and forms of open.passport.get'),
  accountSuccess: account('§1', 'success is status 200, code 0, all five keys'),
  accountFailure: account('§1', 'a failure is status 250 under HTTP 200 with code, msg, data null'),
  accountLogin: account('§1', 'login needed, broken and dead tokens: 250 with 401 and their texts'),
  accountInfo: account('§1', 'user/info without login is code 0 尚未登录, never 401'),
  accountType: account('§1', 'a parameter of the wrong type: 250 with 300, naming the parameter'),
  accountVerb: account('§1', 'a wrong verb is 405 请求方式不正确'),
  accountPath: account('§1', 'an unknown path is 404 接口不存在'),
  accountOpen: account(
    '§1',
    'on open paths a dead token counts as none; empty, null and undefined everywhere',
  ),
  accountByName: account('preface', 'every path is a method too, in the envelope of the gateway'),
  accountToken: account('§2', 'the token in Authorization, with or without Bearer, access_token or perm_key'),
  accountPermission: account('§2', 'manage needs the permission: 403 没有访问权限'),
  accountSpelling: account('§3', 'user_account and userAccount are the same parameter'),
  accountForms: account('§3', 'JSON booleans, dates yyyy-MM-dd HH:mm:ss in GMT+8, numbers as numbers'),
  accountLists: account('§3', 'lists: items, page, size, records, total; size at most 500'),
  addresses: account('§4', 'delivery addresses: only given fields change, not own is 操作失败'),
  invoices: account('§5', 'invoices: only given fields change, not own is 操作失败'),
  login: account('§7', 'login: {token, user_id}; one text for an unknown user and a wrong password'),
  logout: account('§7', 'logout revokes the token, and answers success with any or none'),
} as const satisfies Record<string, WireRule>
