import type { Services } from '../../gateway/method.js'
import type { Mobile } from './mobiles.js'

export interface SmsText {
  readonly template: string
  readonly zh: string
  readonly en: string
  readonly code?: string
}

/** Areas whose users read Chinese. */
const chineseAreas = new Set(['86', '852', '853', '886'])

/** Texts a number in its area's language and counts the outcome. Throws SEND_FAILED. */
export async function sendSms({ sms, metrics }: Services, mobile: Mobile, text: SmsText): Promise<void> {
  const { template, zh, en, code } = text
  const words = chineseAreas.has(mobile.area) ? zh : en
  const message = {
    area: mobile.area,
    mobile: mobile.number,
    text: words,
    template,
    ...(code ? { code } : {}),
  }
  try {
    await sms.send(message)
    metrics.countSend('sms', sms.provider, 'sent')
  } catch (error) {
    metrics.countSend('sms', sms.provider, 'failed')
    throw error
  }
}
