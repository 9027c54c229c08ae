import { GatewayError, isError } from '../../../gateway/outcome/errors.js'
import { defined } from '../../../gateway/wire/defined-fields.js'

/**
 * Sends a code for captcha/mobile or captcha/email. A limit that is reached is SEND_REFUSED there: their clients expect
 * HTTP 200 (account.md §1).
 */
export async function sendOrRefuse(send: () => Promise<void>): Promise<void> {
  try {
    await send()
  } catch (error) {
    if (!isError(error, 'TOO_MANY_REQUESTS')) throw error
    throw new GatewayError('SEND_REFUSED', defined({ retryAfter: error.retryAfter }))
  }
}
