import { GatewayError, isError } from '../../../gateway/outcome/errors.js'
import { defined } from '../../../gateway/wire/defined-fields.js'

/**
 * Sends a code for captcha/mobile or captcha/email, or a message of a user. A limit that is reached is SEND_REFUSED
 * there: their clients expect HTTP 200 (account.md §1, account-beside.md §5).
 */
export async function sendOrRefuse<T>(send: () => Promise<T>): Promise<T> {
  try {
    return await send()
  } catch (error) {
    if (!isError(error, 'TOO_MANY_REQUESTS')) throw error
    throw new GatewayError('SEND_REFUSED', defined({ retryAfter: error.retryAfter }))
  }
}
