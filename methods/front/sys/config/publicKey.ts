import { defineMethod } from '../../../../gateway/contract/method.js'

export default defineMethod('front.sys.config.publicKey', {
  auth: 'none',
  async handle(_, { loginKey }) {
    return { public_key: await loginKey.publicKey() }
  },
})
