import { defineMethod } from '../../../gateway/contract/method.js'
import { readProfile } from '../../rules/profiles/passport-profiles.js'

export default defineMethod('web.passport.getLikeBrand', {
  auth: 'app',
  trust: 'session',
  success: '成功',
  async handle({ params }, services) {
    const { brand } = await readProfile(services, params.uid)
    return { uid: params.uid, brand }
  },
})
