import { defineMethod } from '../../../../gateway/contract/method.js'

export default defineMethod('front.sys.config.listTranslateLang', {
  auth: 'none',
  handle: () => undefined,
})
