import { type Drill, judge } from '../finding.js'

/** A signature is made for one method; a REST path names another, which its holder may not have been meant to call. */
export const restPath: Drill = {
  name: 'rest-path',
  description: "a signature made for /gateway opens a REST path, here the mini program's access token",
  async attack(target) {
    const path = '/front/account/wechat/getXcxAccessToken'
    const other = await target.call(
      { method: 'web.passport.getUserVerifyInfo', uid: target.user },
      { path, verb: 'GET' },
    )
    const none = await target.call({}, { path, verb: 'GET' })
    // A refused signature is 403 in the account envelope; whatever else is answered, the signature was taken.
    return [
      judge('a signature for another method opens no REST path', other.code === 403),
      judge('a signature without a method opens no REST path', none.code === 403),
    ]
  },
}
