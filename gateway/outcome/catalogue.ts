export interface CatalogueEntry {
  /** Number and text in the passport envelope (passport.md §5). */
  readonly passport: readonly [code: number, message: string]
  /**
   * Number and text in the account envelope (account.md §1). In both, `{detail}` stands for `参数错误` with the error's
   * detail, `{reason}` for its reason.
   */
  readonly account: readonly [code: number, msg: string]
  /** HTTP status where it is not 200; a pair when the dialects differ. */
  readonly http?: number | { readonly passport: number; readonly account: number }
  /** Whether the same call may succeed later without a change. */
  readonly retry?: true
}

const failed = [0, '操作失败'] as const
const signInAgain = [401, '请重新登录'] as const
const wrongCode = [300, '验证码有误'] as const
const wrongMobile = [0, '请输入正确的手机号！'] as const
const described = [300, '{detail}'] as const
const busy = '服务繁忙，请稍后再试'

/** An error of the account APIs only: under the gateway's envelope it is 400 with the same text. */
function onBoth(code: number, text: string) {
  return { passport: [400, text], account: [code, text] } as const
}

/** Every error a caller can be answered with: its name, and what each dialect makes of it. */
export const catalogue = {
  MOBILE_MISSING: { passport: [401, '手机号码错误'], account: wrongMobile },
  MOBILE_FORM: { passport: [402, '手机号码格式错误'], account: wrongMobile },
  BROWSE_DEL_UID_ISNULL: { passport: [421, 'uid不能为空'], account: described },
  UID_IS_NULL: { passport: [421, 'uid不能为空'], account: described },
  PARAM_ERROR: { passport: [413, '参数错误'], account: described },
  UID_NOT_MATCH_MOBILE: { passport: [10001, '手机号码不匹配'], account: [300, '手机号码不正确'] },
  VALID_CODE_TIMEOUT_CODE: { passport: [405, '输入次数太多，请重新发送！'], account: wrongCode, retry: true },
  VALID_ERROR: { passport: [404, '验证错误！'], account: wrongCode },
  CODE_MISSING: { passport: [401, '请输入验证码！'], account: wrongCode },
  CODE_IS_INVALID: { passport: [404, '验证信息无效'], account: wrongCode },
  FIELD_REFUSED: { passport: [413, '参数错误'], account: [0, '{reason}'] },
  MESSAGE_TOO_LONG: { passport: [413, '参数错误'], account: [0, '消息内容不能超过1024个字'] },
  PASSWORD_INVALID: { passport: [422, '密码不合法'], account: [0, '密码长度应为6-64位'] },
  PASSWORD_CHARACTERS: { passport: [422, '密码不合法'], account: [0, '密码不能包含特殊字符'] },
  PASSWORD_WRONG: { passport: [10012, '密码错误'], account: [300, '用户名或者密码不正确'] },
  USER_NOT_EXISTS: { passport: [10010, '用户不存在'], account: [0, '用户详细信息不存在'] },
  NOT_CHECK_MOBILE: { passport: [411, '请先校验手机号'], account: failed },
  MOBILE_TAKEN: { passport: [404, '此手机号已被使用'], account: [0, '手机号已经绑定用户！'] },
  EMAIL_TAKEN: { passport: [404, '此邮箱已被使用'], account: [0, '此邮箱已被使用'] },
  EMAIL_FORM: { passport: [400, '邮箱格式错误'], account: [0, '邮箱格式错误'] },
  SEND_FAILED: { passport: [425, '发送失败'], account: [0, '发送失败'], retry: true },
  SERVICE_ERROR: { passport: [998, busy], account: [300, busy], http: { passport: 200, account: 500 } },
  UNAVAILABLE: { passport: [999, busy], account: [300, busy], http: 503, retry: true },
  BROWNED_OUT: { passport: [999, busy], account: [300, busy], http: 503, retry: true },
  TOO_MANY_FAILURES: {
    passport: [10013, '登录失败次数过多，请稍后再试'],
    account: [300, '登录失败次数过多，请稍后再试'],
    retry: true,
  },
  LOGIN_REQUIRED: { passport: [10014, '请重新登录'], account: signInAgain },
  TOKEN_BROKEN: { passport: [10014, '请重新登录'], account: [401, '请退出重新登录'] },
  TOKEN_EXPIRED: { passport: [10014, '请重新登录'], account: [401, '登录已过期'] },
  SIGNATURE_MISSING: { passport: [500, '缺少client_secret'], account: [403, '没有访问权限'] },
  SIGNATURE_INVALID: { passport: [500, '数据验证错误.'], account: [403, '没有访问权限'] },
  NOT_SIGNED_IN: { passport: [10014, '请重新登录'], account: [0, '尚未登录'] },
  PERMISSION_DENIED: { passport: [500, '没有访问权限'], account: [403, '没有访问权限'] },
  PROOF_NEEDED: onBoth(300, '请再次验证您的身份'),
  OPERATION_FAILED: { passport: [400, '操作失败'], account: failed },
  USER_LOCKED: onBoth(300, '您的账号已被禁用,请联系管理员'),
  MOBILE_WRONG: onBoth(300, '手机号码不正确'),
  BIND_TYPE_WRONG: onBoth(0, '绑定类型错误'),
  ACCOUNT_FORM: onBoth(0, '用户账号不可以包含特殊字符串！'),
  ACCOUNT_TAKEN: onBoth(0, '用户已经存在,请更换用户名'),
  MOBILE_BOUND: onBoth(0, '手机号已经绑定过，不可以使用此手机号注册'),
  EMAIL_BOUND: onBoth(0, 'Email已经绑定过，不可以使用此Email注册'),
  MOBILE_NOT_BOUND: onBoth(0, '手机号码未绑定登录'),
  EMAIL_NOT_BOUND: onBoth(0, '该邮箱绑定不存在'),
  EMAIL_UNKNOWN: onBoth(0, '该邮箱不存在'),
  OLD_PASSWORD_WRONG: onBoth(300, '旧密码不正确'),
  OLD_PASSWORD_REFUSED: onBoth(0, '旧密码不正确！'),
  OLD_PASSWORD_PAUSED: { ...onBoth(0, '密码错误次数过多，请稍后再试'), retry: true },
  RESET_PASSWORD_EMPTY: onBoth(300, '密码有误'),
  NEW_PASSWORD_EMPTY: onBoth(0, '密码有误！'),
  CODE_OF_ANOTHER: onBoth(0, '验证码与注册的手机号或邮箱不一致'),
  REGISTRATION_OFF: onBoth(0, '注册功能未启用'),
  NO_USER_TO_SIGN_IN: onBoth(300, '注册功能未启用'),
  NICKNAME_TAKEN: onBoth(0, '昵称已经存在，请更换！'),
  CERTIFICATE_PENDING: onBoth(0, '已提交，请勿重复提交！'),
  USER_ID_MISSING: onBoth(0, '用户Id为空'),
  USER_IDS_MISSING: onBoth(0, '用户编号为空'),
  PASSWORD_MISSING: onBoth(0, '密码为空'),
  ADMINISTRATOR_STAYS: onBoth(0, '该账号为系统管理员，不可删除！'),
  LEVEL_BUILT_IN: onBoth(0, '系统内置，不可删除'),
  LEVEL_IN_USE: onBoth(0, '仍有用户属于该等级，不可删除'),
  ADDRESS_LIMIT: onBoth(0, '收货地址数量已达上限'),
  TAX_NUMBER_WRONG: onBoth(0, '纳税人识别号不正确'),
  INVOICE_LIMIT: onBoth(0, '发票数量已达上限'),
  UPLOAD_FAILED: onBoth(0, '上传失败'),
  PAGE_SIZE: onBoth(300, '分页数量最大500条'),
  WECHAT_FAILED: { ...onBoth(0, '微信登录,调用官方接口失败'), retry: true },
  WECHAT_OFF: onBoth(0, '{reason}'),
  WECHAT_CODE_EMPTY: onBoth(0, '传入的code值为空'),
  WECHAT_PHONE_FAILED: { ...onBoth(0, '获取手机号失败'), retry: true },
  WECHAT_BIND_FAILED: onBoth(0, '绑定手机号失败'),
  WECHAT_SCAN_FAILED: { ...onBoth(0, '扫码登录失败!'), retry: true },
  WECHAT_STATE: onBoth(0, '登录状态已失效，请重新登录'),
  WECHAT_USER_LOCKED: onBoth(0, '您的账号已被禁用,请联系管理员'),
  WECHAT_NOT_BOUND: onBoth(0, '请先登录'),
  WECHAT_TAKEN: onBoth(0, '该微信已绑定其他用户'),
  LAST_WAY: onBoth(0, '至少保留一种登录方式'),
  SEND_MOBILE_FORM: onBoth(0, '手机号码不准确！'),
  SEND_EMAIL_FORM: onBoth(0, 'Email不准确！'),
  MAIL_FAILED: { ...onBoth(0, '邮件发送失败！'), retry: true },
  SEND_REFUSED: { ...onBoth(0, '请求过于频繁，请稍后再试'), retry: true },
  IDEMPOTENCY_KEY_BUSY: {
    passport: [409, '相同的请求正在处理，请稍后再试'],
    account: [300, '相同的请求正在处理，请稍后再试'],
    http: 409,
    retry: true,
  },
  IDEMPOTENCY_KEY_REUSED: {
    passport: [409, '此请求标识已用于其他请求'],
    account: [300, '此请求标识已用于其他请求'],
    http: 422,
  },
  IDEMPOTENCY_KEY_BROKEN: {
    passport: [409, '上次请求中断，请先核对结果'],
    account: [300, '上次请求中断，请先核对结果'],
    http: 409,
  },
  // Of a captured server alone, to whoever asks that a write be only checked (docs/move.md).
  CHECKED_ONLY: { passport: [202, '校验通过，未执行'], account: [202, '校验通过，未执行'], http: 202 },
  CRASH: { passport: [500, '操作失败'], account: [300, '操作失败'], http: 500 },
  METHOD_NOT_FOUND: { passport: [1000, '接口不存在'], account: [0, '接口不存在'], http: 404 },
  VERB_NOT_ALLOWED: { passport: [400, '操作失败'], account: [0, '请求方式不正确'], http: 405 },
  IP_BLOCKED: {
    passport: [10011, ''],
    account: [300, '没有访问权限'],
    http: { passport: 200, account: 403 },
  },
  TOO_MANY_REQUESTS: {
    passport: [9999991, 'Plase try later!'],
    account: [300, '请求过于频繁，请稍后再试'],
    http: { passport: 200, account: 429 },
    retry: true,
  },
  // The wire has no number of its own for it: a caller does the same as at a limit.
  CONTENTION: {
    passport: [9999991, 'Plase try later!'],
    account: [300, '请求过于频繁，请稍后再试'],
    http: { passport: 200, account: 429 },
    retry: true,
  },
  BODY_TOO_LARGE: { passport: [413, '参数错误'], account: described, http: 413 },
  BODY_TYPE: { passport: [413, '参数错误'], account: described, http: 415 },
} as const satisfies Record<string, CatalogueEntry>

export type ErrorName = keyof typeof catalogue

/** Whether a contract's `x-missing` or `x-invalid` names an entry of the catalogue. */
export function isErrorName(name: string): name is ErrorName {
  return Object.hasOwn(catalogue, name)
}
