import { defineMethod } from '../../../../gateway/contract/method.js'

/** Feedback is the shop's. The array has to be there: the PC site reads its length. */
export default defineMethod('front.sys.feedback.getCategory', {
  auth: 'none',
  handle: () => [],
})
