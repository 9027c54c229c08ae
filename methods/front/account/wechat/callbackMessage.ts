import { defineMethod } from '../../../../gateway/contract/method.js'

export default defineMethod('front.account.wechat.callbackMessage', {
  auth: 'none',
  handle: async () => false,
})
