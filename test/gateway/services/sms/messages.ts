import { type GatewayError, isError } from '../../../../gateway/outcome/errors.js'
import type { Sms } from '../../../../gateway/services/sms/sms-sender.js'

/** A code for a mainland number. */
export const codeMessage: Sms = {
  area: '86',
  mobile: '13912345678',
  text: '您的验证码是4711。',
  template: 'code',
  code: '4711',
}

/** A notice, which carries no code. */
export const noticeMessage: Sms = {
  area: '86',
  mobile: '13912345678',
  text: '此号码不再与账号绑定。',
  template: 'mobile-changed',
}

/** What a failed send says to developers; throws when it did not fail, or not as sends do. */
export async function detailOf(sending: Promise<void>): Promise<string | undefined> {
  return (await failureOf(sending)).detail
}

export async function failureOf(sending: Promise<void>): Promise<GatewayError> {
  try {
    await sending
  } catch (error) {
    if (isError(error, 'SEND_FAILED')) return error
    throw error
  }
  throw new Error('the message was sent')
}
