import { findCard, listVipLevels } from '../../../db/passport-cards.js'
import { GatewayError } from '../../../gateway/outcome/errors.js'
import { defineMethod } from '../../../gateway/contract/method.js'
import { maskProfileName } from '../../rules/contacts/masks.js'
import { describeVip } from '../../rules/profiles/vip.js'

export default defineMethod('open.passport.get', {
  auth: 'app',
  trust: 'session',
  success: 'User info',
  visitors: { nobody: { data: [], result: '-1' } },
  async handle({ params }, { db, cache, clock }) {
    const now = clock.now()
    const card = await cache.fetch(`card:${params.uid}`, () => findCard(db, params.uid))
    if (!card) throw new GatewayError('USER_NOT_EXISTS')
    const levels = await cache.fetch('vip-levels', () => listVipLevels(db))
    return {
      data: {
        YohocoinCount: card.yohocoin_count ?? 0,
        couponCount: card.coupon_count ?? 0,
        head_ico: card.user_avatar ?? '',
        messageCount: card.unread,
        orderCount: card.order_count ?? 0,
        profile_name: maskProfileName(card.user_nickname ?? ''),
        random: now / 1000,
        refundCount: card.refund_count ?? 0,
        token: '',
        uid: card.user_id,
        vip: describeVip(card, levels ?? [], now),
      },
      result: '1',
    }
  },
})
