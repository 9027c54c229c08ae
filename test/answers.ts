/**
 * Answers that many tests expect, to the byte. What one test alone expects stands in that test, and what an
 * envelope is made of in gateway/dialects.
 */

// Of the passport gateway.
export const succeeded = '{"code":200,"data":[],"message":"操作成功"}'
/** A success with data, given as JSON. */
export const succeededWith = (data: string): string => `{"code":200,"data":${data},"message":"操作成功"}`
export const userSucceeded = '{"code":200,"data":{"code":200,"message":"success."},"message":"操作成功"}'
export const changed = '{"code":200,"data":{},"message":"修改成功"}'
export const codeSent = '{"code":200,"data":[],"message":"发送成功"}'
export const codeRight = '{"code":200,"data":[],"message":"校验成功"}'
export const uidMissing = '{"code":421,"message":"uid不能为空"}'
export const mobileMissing = '{"code":401,"message":"手机号码错误"}'
export const mobileMalformed = '{"code":402,"message":"手机号码格式错误"}'
export const emailMalformed = '{"code":400,"message":"邮箱格式错误"}'
export const passwordMalformed = '{"code":422,"message":"密码不合法"}'
export const paramError = '{"code":413,"message":"参数错误"}'
export const mobileInUse = '{"code":404,"message":"此手机号已被使用"}'
export const emailInUse = '{"code":404,"message":"此邮箱已被使用"}'
export const linkInvalid = '{"code":404,"message":"验证信息无效"}'
export const userNotExists = '{"code":10010,"message":"用户不存在"}'
export const signInAgain = '{"code":10014,"message":"请重新登录"}'
export const signatureInvalid = '{"code":500,"message":"数据验证错误."}'
export const signatureMissing = '{"code":500,"message":"缺少client_secret"}'
export const methodNotFound = '{"code":1000,"message":"接口不存在"}'
export const sendFailed = '{"code":425,"message":"发送失败"}'
export const tryLater = '{"code":9999991,"message":"Plase try later!"}'

// Of the account methods.
export const done = '{"status":200,"code":0,"msg":"操作成功","data":null,"error":null}'
/** A success with data, given as JSON. */
export const doneWith = (data: string): string =>
  `{"status":200,"code":0,"msg":"操作成功","data":${data},"error":null}`
export const signedInAs = (token: string, userId: number): string =>
  doneWith(`{"token":"${token}","user_id":${userId}}`)

/** An answer of the account envelope that is no success. */
export function refusal(code: number, msg: string, error: string): string {
  return `{"status":250,"code":${code},"msg":"${msg}","data":null,"error":"${error}"}`
}

/** A parameter that is missing or does not fit, as in `user_state: integer from 0 to 2`. */
export const paramRefusal = (detail: string): string => refusal(300, `参数错误：${detail}`, 'PARAM_ERROR')

/** A text of a form that is missing or does not fit, in words for its customer. */
export const fieldRefused = (text: string): string => refusal(0, text, 'FIELD_REFUSED')

export const failed = '{"status":250,"code":0,"msg":"操作失败","data":null,"error":"OPERATION_FAILED"}'
export const loginRequired =
  '{"status":250,"code":401,"msg":"请重新登录","data":null,"error":"LOGIN_REQUIRED"}'
export const tokenBroken =
  '{"status":250,"code":401,"msg":"请退出重新登录","data":null,"error":"TOKEN_BROKEN"}'
export const permissionDenied =
  '{"status":250,"code":403,"msg":"没有访问权限","data":null,"error":"PERMISSION_DENIED"}'
export const notSigned =
  '{"status":250,"code":403,"msg":"没有访问权限","data":null,"error":"SIGNATURE_INVALID"}'
export const pathNotFound =
  '{"status":250,"code":0,"msg":"接口不存在","data":null,"error":"METHOD_NOT_FOUND"}'
export const tooManyRequests =
  '{"status":250,"code":300,"msg":"请求过于频繁，请稍后再试","data":null,"error":"TOO_MANY_REQUESTS"}'
export const sendRefused =
  '{"status":250,"code":0,"msg":"请求过于频繁，请稍后再试","data":null,"error":"SEND_REFUSED"}'
export const mobileWrong =
  '{"status":250,"code":300,"msg":"手机号码不正确","data":null,"error":"MOBILE_WRONG"}'
export const mobileTaken =
  '{"status":250,"code":0,"msg":"手机号已经绑定用户！","data":null,"error":"MOBILE_TAKEN"}'
export const emailWrong = '{"status":250,"code":0,"msg":"邮箱格式错误","data":null,"error":"EMAIL_FORM"}'
export const codeWrong = '{"status":250,"code":300,"msg":"验证码有误","data":null,"error":"VALID_ERROR"}'
export const passwordWrongForm =
  '{"status":250,"code":0,"msg":"密码长度应为6-64位","data":null,"error":"PASSWORD_INVALID"}'
export const userLocked =
  '{"status":250,"code":300,"msg":"您的账号已被禁用,请联系管理员","data":null,"error":"USER_LOCKED"}'
export const wechatUserLocked =
  '{"status":250,"code":0,"msg":"您的账号已被禁用,请联系管理员","data":null,"error":"WECHAT_USER_LOCKED"}'
export const pageTooLarge =
  '{"status":250,"code":300,"msg":"分页数量最大500条","data":null,"error":"PAGE_SIZE"}'
export const wechatOff = '{"status":250,"code":0,"msg":"公众号功能未启用","data":null,"error":"WECHAT_OFF"}'
export const wechatFailed =
  '{"status":250,"code":0,"msg":"微信登录,调用官方接口失败","data":null,"error":"WECHAT_FAILED"}'
export const wechatCodeEmpty =
  '{"status":250,"code":0,"msg":"传入的code值为空","data":null,"error":"WECHAT_CODE_EMPTY"}'
export const registrationOff =
  '{"status":250,"code":0,"msg":"注册功能未启用","data":null,"error":"REGISTRATION_OFF"}'
