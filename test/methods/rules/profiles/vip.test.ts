import { expect } from 'chai'
import type { CardRow, VipLevelRow } from '../../../../db/passport-cards.js'
import { describeVip } from '../../../../methods/rules/profiles/vip.js'

const now = 1458378392_046
const levels: VipLevelRow[] = [
  {
    level: 0,
    title: '普通会员',
    need_cost: '0.00',
    common_discount: '1.00',
    promotion_discount: '1.00',
    premium_scopes: '',
    next_level: 1,
  },
  {
    level: 1,
    title: '银卡会员',
    need_cost: '600.00',
    common_discount: '0.95',
    promotion_discount: '0.95',
    premium_scopes: '1,4,10,8,9',
    next_level: 2,
  },
]
const nobody: CardRow = {
  user_id: 5357305,
  unread: 0,
  coupon_count: null,
  order_count: null,
  refund_count: null,
  yohocoin_count: null,
  cur_total_cost: null,
  cur_year_cost: null,
  level: null,
  starts_at: null,
  ends_at: null,
  user_nickname: null,
  user_avatar: null,
}
const card: CardRow = { ...nobody, level: 0, starts_at: 1452349087, ends_at: 1483885087 }

/** A user's VIP data after a year's cost of `cost` on a level whose next one needs `need`. */
function afterSpending(cost: number | string, need: number | string) {
  const [first, second] = levels
  if (!first || !second) throw new Error('two levels are needed')
  return describeVip({ ...card, cur_year_cost: cost }, [first, { ...second, need_cost: need }], now)
}

describe('the vip data of open.passport.get', () => {
  it("are the document's on the document's numbers", () => {
    expect(JSON.stringify(describeVip(card, levels, now))).to.equal(
      '{"curTotalCost":"0.0","curVipInfo":{"commonDiscount":"1.0","curLevel":"0","needCost":"0.0",' +
        '"nextLevel":"1","premiumScops":[],"promotionDiscount":"1.0","title":"普通会员"},' +
        '"curYearCost":"0.0","curYearCostPer":"0","fitTime":"1451053087",' +
        '"nextVipInfo":{"commonDiscount":"0.95","curLevel":"1","needCost":"600.0","nextLevel":"2",' +
        '"premiumScops":["1","4","10","8","9"],"promotionDiscount":"0.95","title":"银卡会员"},' +
        '"upgradeNeedCost":"600.0","upgradeNeedCostPer":"100","vipEndDay":"295",' +
        '"vipEndTime":"1483885087","vipRemainDays":"295","vipStartTime":"1452349087"}',
    )
  })

  it('count whole days to the end, and none after it', () => {
    const daysLeft = (seconds: number) => {
      const vip = describeVip({ ...card, ends_at: 1458378392 + seconds }, levels, 1458378392_000)
      expect(vip.vipRemainDays).to.equal(vip.vipEndDay)
      return vip.vipEndDay
    }
    expect(daysLeft(86_400)).to.equal('1')
    expect(daysLeft(86_399)).to.equal('0')
    expect(daysLeft(2 * 86_400 - 1)).to.equal('1')
    expect(daysLeft(0)).to.equal('0')
    expect(daysLeft(-1)).to.equal('0')
    expect(daysLeft(-10 * 86_400)).to.equal('0')
    expect(describeVip({ ...card, ends_at: 1458378392 + 86_400 }, levels, 1458378392_001).vipEndDay).to.equal(
      '0',
    )
  })

  it('cut percentages off behind the point', () => {
    expect(afterSpending(200, 600)).to.include({ curYearCostPer: '33', upgradeNeedCostPer: '66' })
    expect(afterSpending('599.99', 600)).to.include({ curYearCostPer: '99', upgradeNeedCostPer: '0' })
    expect(afterSpending('0.01', 600)).to.include({ curYearCostPer: '0', upgradeNeedCostPer: '99' })
  })

  it('calculate with cents, not with binary fractions', () => {
    expect(afterSpending('1.15', '115')).to.include({ curYearCostPer: '1', upgradeNeedCost: '113.85' })
    expect(afterSpending('0.29', '1')).to.include({ curYearCostPer: '29', upgradeNeedCost: '0.71' })
    expect(afterSpending('0.10', '0.30')).to.include({ curYearCostPer: '33', upgradeNeedCost: '0.2' })
    expect(afterSpending(4.35, 100)).to.include({ curYearCost: '4.35', upgradeNeedCost: '95.65' })
  })

  it('need nothing more once the next level is reached', () => {
    expect(afterSpending(600, 600)).to.include({
      curYearCost: '600.0',
      curYearCostPer: '100',
      upgradeNeedCost: '0.0',
      upgradeNeedCostPer: '0',
    })
    expect(afterSpending(900, 600)).to.include({
      curYearCostPer: '150',
      upgradeNeedCost: '0.0',
      upgradeNeedCostPer: '0',
    })
  })

  it('leave the next level out where there is none, and its percentages are 0', () => {
    const vip = describeVip(
      { ...card, level: 1, cur_year_cost: 700, cur_total_cost: '12345.60' },
      levels,
      now,
    )
    expect(vip).to.not.have.property('nextVipInfo')
    expect(vip).to.include({ curYearCostPer: '0', upgradeNeedCostPer: '0', upgradeNeedCost: '0.0' })
    expect(vip).to.include({ curYearCost: '700.0', curTotalCost: '12345.6' })
    expect(vip.curVipInfo).to.include({ curLevel: '1', nextLevel: '2', needCost: '600.0' })
  })

  it('write amounts as plain decimals with a point, large ones too', () => {
    const totals = { '0': '0.0', '0.5': '0.5', '1e7': '10000000.0', '9999999999.99': '9999999999.99' }
    for (const [stored, shown] of Object.entries(totals)) {
      const cost = stored === '1e7' ? 1e7 : stored
      expect(describeVip({ ...card, cur_total_cost: cost }, levels, now).curTotalCost).to.equal(shown)
    }
  })

  it('are those of the lowest level for a user without a level, or with one that is gone', () => {
    for (const level of [null, 7]) {
      const vip = describeVip({ ...nobody, level }, levels, now)
      expect(vip.curVipInfo.curLevel).to.equal('0')
      expect(vip).to.include({ vipStartTime: '0', vipEndTime: '0', vipEndDay: '0', fitTime: '0' })
    }
  })

  it('cannot be made without a single level', () => {
    expect(() => describeVip(card, [], now)).to.throw('passport_vip_level has no rows')
  })
})
