import { defineMethod } from '../../../../gateway/contract/method.js'
import { editProfile } from '../../../rules/profiles/edits.js'

export default defineMethod('front.account.user.edit', {
  auth: 'user',
  async handle({ params, session }, services) {
    await editProfile(services, session.userId, params)
  },
})
