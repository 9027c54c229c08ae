import { defineMethod } from '../../../../gateway/contract/method.js'
import { miniOf } from '../../../../gateway/services/wechat/ways.js'
import { answerText } from '../../../rules/wechat/callbacks.js'

export default defineMethod('front.account.wechat.getXcxAccessToken', {
  auth: 'app-or-permission',
  // Of fresh tokens there is one in a minute, however many calls ask.
  limit: { by: 'app', points: 600, seconds: 60 },
  async handle({ params }, { wechat }) {
    return answerText(200, await miniOf(wechat).accessToken({ fresh: !params.useCacheFlag }))
  },
})
