/** How long (ms) a message may still appear below one that is shown: longer than any transaction is open. */
export const settleMilliseconds = 60_000

/** Numbers that a cursor lists; past that it forgets the oldest, and the time they have to appear gets shorter. */
const mostListed = 500
const form = /^(\d{1,15})(?:~([0-9a-z]{1,10}(?:\.[0-9a-z]{1,10})*))?$/

/**
 * How far a client has read an inbox. Messages are numbered when they are written but show when their transaction
 * commits, so number 7 may appear after number 8: "all up to 8" would lose it. A cursor therefore says "all up to a
 * floor, and these above it", and the floor follows a minute later.
 *
 * As a text (`id:` of an event): the highest number shown; after `~` the steps down from it to each of the others and
 * at last to the floor, in base 36. A number alone means all up to it.
 */
export class MessageCursor {
  private lowest: number
  /** When each number above the floor was first shown (ms). */
  private readonly listed = new Map<number, number>()

  constructor(floor: number) {
    this.lowest = floor
  }

  /** The cursor that a client sends back; undefined for what is none of ours. */
  static parse(text: string, now: number): MessageCursor | undefined {
    const [, highest = '', steps] = form.exec(text) ?? []
    if (highest === '') return undefined
    const shown = [Number(highest)]
    for (const step of steps?.split('.') ?? []) shown.push((shown.at(-1) ?? 0) - Number.parseInt(step, 36))
    const floor = shown.pop() ?? 0
    const isFalling = shown.every((messageId, at) => messageId > (shown[at + 1] ?? floor))
    if (floor < 0 || !isFalling || shown.length > mostListed) return undefined
    const cursor = new MessageCursor(floor)
    // Since when they are shown nobody knows; from now on is safe.
    for (const messageId of shown) cursor.listed.set(messageId, now)
    return cursor
  }

  /** All messages up to it have been shown, or can't appear any more. */
  get floor(): number {
    return this.lowest
  }

  /** Numbers above the floor that have been shown. */
  get shown(): number[] {
    return [...this.listed.keys()]
  }

  /** Notes a message as shown. `since`: when it was seen first (ms). */
  add(messageId: number, since: number): void {
    this.listed.set(messageId, since)
    if (this.listed.size > mostListed) this.raise(Math.min(...this.listed.keys()))
  }

  /** Lifts the floor to what was shown long enough ago. */
  settle(now: number): void {
    let floor = this.lowest
    for (const [messageId, since] of this.listed)
      if (since <= now - settleMilliseconds) floor = Math.max(floor, messageId)
    if (floor > this.lowest) this.raise(floor)
  }

  toString(): string {
    const [highest = this.lowest, ...others] = this.shown.sort((left, right) => right - left)
    if (this.listed.size === 0) return String(highest)
    let above = highest
    const steps = [...others, this.lowest].map((messageId) => {
      const step = above - messageId
      above = messageId
      return step.toString(36)
    })
    return `${highest}~${steps.join('.')}`
  }

  private raise(floor: number): void {
    this.lowest = floor
    for (const messageId of this.listed.keys()) if (messageId <= floor) this.listed.delete(messageId)
  }
}
