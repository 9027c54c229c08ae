import { findUserCard } from '../../../../db/user-profiles.js'
import { GatewayError } from '../../../../gateway/outcome/errors.js'
import { defineMethod } from '../../../../gateway/contract/method.js'
import { describeOwnProfile } from '../../../rules/profiles/own-profile.js'

export default defineMethod('front.account.user.info', {
  auth: 'optional',
  async handle({ session }, { db, permissions, config }) {
    const user = session && (await findUserCard(db, session.userId))
    // Sessions are remembered for a moment; the row says whether the user was locked just now.
    if (!user || user.user_state === 0) throw new GatewayError('NOT_SIGNED_IN')
    return describeOwnProfile(user, await permissions.of(user.user_id), config)
  },
})
