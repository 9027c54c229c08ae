import { defineMethod } from '../../../gateway/contract/method.js'
import { changeProfile } from '../../rules/profiles/passport-profiles.js'

export default defineMethod('web.passport.modifyUserContacts', {
  auth: 'app',
  trust: 'session',
  success: '修改成功',
  async handle({ params }, services) {
    await changeProfile(services, params)
    return {}
  },
})
