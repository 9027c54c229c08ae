import { defineMethod } from '../../../../gateway/method.js'

export default defineMethod('front.account.wechat.callbackMessage', {
  auth: 'none',
  handle: async () => false,
})
