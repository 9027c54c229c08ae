import { defineMethod } from '../gateway/contract/method.js'
import { readBatchedCalls } from '../gateway/wire/batched-calls.js'

export default defineMethod('batch', {
  auth: 'app',
  // Each of the calls is held to the trust that its own method needs.
  trust: 'anybody',
  handle: ({ params }) => readBatchedCalls(params.calls),
})
