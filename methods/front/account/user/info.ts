import { findUserCard } from '../../../../db/user-profiles.js'
import { GatewayError } from '../../../../gateway/outcome/errors.js'
import { defineMethod } from '../../../../gateway/contract/method.js'
import { describeOwnProfile } from '../../../rules/profiles/own-profile.js'
import { withFreshTickets } from '../../../rules/uploads/tickets.js'

export default defineMethod('front.account.user.info', {
  auth: 'optional',
  async handle({ session }, services) {
    const { db, permissions, config } = services
    const user = session && (await findUserCard(db, session.userId))
    // Sessions are remembered for a moment; the row says whether the user was locked just now.
    if (!user || user.user_state === 0) throw new GatewayError('NOT_SIGNED_IN')
    // Who has no role is asked for no permissions.
    const granted = user.user_role_id === null ? [] : await permissions.of(user.user_id)
    const profile = describeOwnProfile(user, granted, config)
    const images = await withFreshTickets(services, user.user_id, profile.user_idcard_image_list)
    return { ...profile, user_idcard_image_list: images }
  },
})
