import { GatewayError, isError } from '../../../gateway/outcome/errors.js'

/**
 * Sends a code for a page that anybody may use. A limit that is reached is SEND_REFUSED there: the clients of
 * captcha/mobile and captcha/email expect HTTP 200 (account.md §1).
 */
export async function sendOpenly(send: () => Promise<void>): Promise<void> {
  try {
    await send()
  } catch (error) {
    if (!isError(error, 'TOO_MANY_REQUESTS')) throw error
    throw new GatewayError(
      'SEND_REFUSED',
      error.retryAfter === undefined ? {} : { retryAfter: error.retryAfter },
    )
  }
}
