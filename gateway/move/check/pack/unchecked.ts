import type { CompiledMethod } from '../../../contract/compile-table.js'

/** Why no check says what a method does when it succeeds; undefined where one does, or would with a user. */
export function unchecked({ name, isSafe, answers }: CompiledMethod): string | undefined {
  if (/^front\.account\.wechat\.(?!callbackMessage)/.test(name)) return 'success: WeChat would have to answer'
  if (name === 'batch') return 'a batch is of this server alone, and a call of many'
  if (answers === 'raw') return 'it answers no envelope'
  if (answers === 'stream') return 'its answer goes on'
  return isSafe || checkedWrites.test(name) ? undefined : reasonOf(name)
}

/** Methods that write whose success is checked, as their effect can be taken back. */
const checkedWrites =
  /^(?:web\.passport\.(?:verifyUserPwd|changePwd|modify\w+)|front\.account\.(?:login\.log(?:in|out)|userDeliveryAddress\.\w+|userInvoice\.\w+))$/

const sends = /sendcode|verifyEmail|sendVerifyEmailInfo|backpwdByEmail|captcha\.(?:mobile|email)$/
const needsCode =
  /checkcode|changeVerifyMobile|changeEmail|resetPwdByCode|doSmsLogin|register$|setNewPassword|bindMobile|unBindMobile/i

function reasonOf(name: string): string {
  if (sends.test(name)) return 'success: a text or a mail would go out'
  if (needsCode.test(name)) return 'success: a code or a picture would have to be read'
  return 'success: it changes what can not be put back by calls'
}
