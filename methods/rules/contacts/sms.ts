import type { SmsTemplate } from '../../../config/config.js'
import type { Services } from '../../../gateway/services/services.js'
import type { Mobile } from './mobiles.js'
import { requireTextable } from './textable.js'
import { defined } from '../../../gateway/wire/defined-fields.js'

export interface SmsText {
  readonly template: SmsTemplate
  readonly zh: string
  readonly en: string
  readonly code?: string
}

/** Areas whose users read Chinese. */
const chineseAreas = new Set(['86', '852', '853', '886'])

/**
 * Texts a number in its area's language; each vendor's tries are counted where they are made. Throws MOBILE_FORM for a
 * number that is not texted, SEND_FAILED.
 */
export async function sendSms(services: Services, mobile: Mobile, text: SmsText): Promise<void> {
  requireTextable(services, mobile)
  const { template, zh, en, code } = text
  const words = chineseAreas.has(mobile.area) ? zh : en
  await services.sms.send({
    area: mobile.area,
    mobile: mobile.number,
    text: words,
    template,
    ...defined({ code }),
  })
}
