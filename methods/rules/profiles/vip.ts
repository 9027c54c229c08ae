import type { CardRow, VipLevelRow } from '../../../db/passport-cards.js'
import type { Contracts } from '../../../schemas/contracts.js'

type Card = Exclude<Contracts['open.passport.get']['result']['data'], unknown[]>
type Vip = Card['vip']

/** Seconds: the old system's fitTime lies fifteen days before the VIP period. */
const fitLead = 1_296_000
const day = 86_400

/** A user's VIP data with the old system's arithmetic and number forms (passport.md §6). `now` in milliseconds. */
export function describeVip(card: CardRow, levels: readonly VipLevelRow[], now: number): Vip {
  const find = (level: number) => levels.find((candidate) => candidate.level === level)
  const current = find(card.level ?? 0) ?? lowest(levels)
  const next = find(current.next_level)
  const yearCents = cents(card.cur_year_cost)
  const nextCents = next ? cents(next.need_cost) : 0
  const missingCents = Math.max(0, nextCents - yearCents)
  const start = card.starts_at ?? 0
  const end = card.ends_at ?? 0
  const daysLeft = String(Math.max(0, Math.floor((end - now / 1000) / day)))
  return {
    curTotalCost: javaDouble(Number(card.cur_total_cost ?? 0)),
    curVipInfo: describeLevel(current),
    curYearCost: javaDouble(yearCents / 100),
    curYearCostPer: percent(yearCents, nextCents),
    fitTime: String(start === 0 ? 0 : start - fitLead),
    ...(next && { nextVipInfo: describeLevel(next) }),
    upgradeNeedCost: javaDouble(missingCents / 100),
    upgradeNeedCostPer: percent(missingCents, nextCents),
    vipEndDay: daysLeft,
    vipEndTime: String(end),
    vipRemainDays: daysLeft,
    vipStartTime: String(start),
  }
}

function describeLevel(level: VipLevelRow): Vip['curVipInfo'] {
  return {
    commonDiscount: javaDouble(Number(level.common_discount)),
    curLevel: String(level.level),
    needCost: javaDouble(Number(level.need_cost)),
    nextLevel: String(level.next_level),
    premiumScops: level.premium_scopes.split(',').filter((scope) => scope !== ''),
    promotionDiscount: javaDouble(Number(level.promotion_discount)),
    title: level.title,
  }
}

function lowest(levels: readonly VipLevelRow[]): VipLevelRow {
  const [first] = levels
  if (!first) throw new Error('passport_vip_level has no rows')
  return first
}

/** Money is counted in cents: percentages of binary fractions would be off by one. */
function cents(amount: number | string | null): number {
  return Math.round(Number(amount ?? 0) * 100)
}

/** Truncated percentage as text; `"0"` where there is no next level to reach. */
function percent(part: number, whole: number): string {
  return whole === 0 ? '0' : String(Math.trunc((part * 100) / whole))
}

/** A number as Java prints a double: `600.0`, `0.95`. */
function javaDouble(value: number): string {
  return Number.isInteger(value) ? `${value}.0` : String(value)
}
