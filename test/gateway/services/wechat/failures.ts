import { isError } from '../../../../gateway/outcome/errors.js'

/** What a failed call of WeChat says to the log; throws when it did not fail, or not as such calls do. */
export async function detailOf(calling: Promise<unknown>): Promise<string | undefined> {
  try {
    await calling
  } catch (error) {
    if (isError(error, 'WECHAT_FAILED')) return error.detail
    throw error
  }
  throw new Error('the call succeeded')
}
