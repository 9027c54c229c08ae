import type { Knex } from 'knex'
import { countArrivals, countUnreadOf, findNewestMessageId } from '../../../db/streamed-messages.js'

/** After this long (ms) no transaction is open any more that was given a message's number before. */
const settleMilliseconds = 60_000
/** How far back the first look goes: numbers that transactions under way may hold. */
const underWay = 1000
const unreadMilliseconds = 5000

/**
 * Looks at many inboxes at once and says which have changed since the last look. Numbers are given out in order but
 * transactions commit in any, so not only what lies behind the newest message is counted, but all behind one that was
 * the newest a minute ago: then a message that appears late raises the count too.
 */
export class InboxWatch {
  private readonly db: Knex
  /** Nothing at or below it can still appear. */
  private floor: number | undefined
  /** The newest message at the moment `markedAt`, which becomes the floor a minute later. */
  private mark = 0
  private markedAt = 0
  private newest = 0
  private unreadAt = 0
  private arrived: ReadonlyMap<number, number> = new Map()
  private unread = new Map<number, number>()

  constructor(db: Knex) {
    this.db = db
  }

  /** The users among these whose inbox has changed, and perhaps a few others. One query; every five seconds two. */
  async look(userIds: readonly number[]): Promise<ReadonlySet<number>> {
    const now = performance.now()
    this.floor ??= await this.begin(now)
    if (now - this.markedAt >= settleMilliseconds) this.floor = this.advance(now)
    const rows = await countArrivals(this.db, userIds, this.floor)
    for (const { newest } of rows) this.newest = Math.max(this.newest, newest)
    const arrived = new Map(rows.map(({ user_id, messages }) => [user_id, messages]))
    const changed = new Set(userIds.filter((userId) => arrived.get(userId) !== this.arrived.get(userId)))
    this.arrived = arrived
    // The unread counts known here are older than these messages.
    for (const userId of changed) this.unread.delete(userId)
    if (now - this.unreadAt >= unreadMilliseconds) {
      for (const userId of await this.lookAtUnread(userIds)) changed.add(userId)
      this.unreadAt = now
    }
    return changed
  }

  private async lookAtUnread(userIds: readonly number[]): Promise<number[]> {
    const counts = await countUnreadOf(this.db, userIds)
    const unread = new Map(userIds.map((userId) => [userId, counts.get(userId) ?? 0]))
    const known = this.unread
    this.unread = unread
    return userIds.filter((userId) => unread.get(userId) !== known.get(userId))
  }

  private async begin(now: number): Promise<number> {
    this.newest = await findNewestMessageId(this.db)
    this.mark = this.newest
    this.markedAt = now
    return Math.max(0, this.newest - underWay)
  }

  private advance(now: number): number {
    const floor = this.mark
    this.mark = this.newest
    this.markedAt = now
    return floor
  }
}
