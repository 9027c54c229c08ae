import { defineMethod } from '../../../../gateway/method.js'
import { editProfile } from '../../../rules/profile-edits.js'

export default defineMethod('front.account.user.edit', {
  auth: 'user',
  async handle({ params, session }, services) {
    await editProfile(services, session.userId, params)
  },
})
