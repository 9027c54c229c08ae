/** What the users of the list measure own: most have little, a few very much. */

export const firstUser = 1_000_001
/** As many messages as a user has who is written to for years. */
export const heavyMessages = 20_000

/** Users whose id divides by this are locked: they can't sign in. */
export const lockedEvery = 100

const hour = 3_600_000
const day = 24 * hour

/** One user, by position: heavy users come after the others. */
export interface Owner {
  readonly userId: number
  readonly addresses: number
  readonly messages: number
  /** Milliseconds between two messages of the user; the newest is half of that old. */
  readonly step: number
}

/** How many of every 200 users have how many; 1,000 addresses and 2,000 messages among them. */
const addressSlots = spread([1, 100], [20, 20], [100, 4], [21, 2], [58, 1])
const messageSlots = spread([1, 400], [9, 80], [40, 10], [90, 4], [60, 2])

function spread(...parts: readonly (readonly [users: number, each: number])[]): number[] {
  return parts.flatMap(([users, each]) => Array.from({ length: users }, () => each))
}

export function makeOwner(at: number, users: number): Owner {
  const isHeavy = at >= users
  return {
    userId: firstUser + at,
    addresses: addressSlots[at % 200] ?? 0,
    // Who has many addresses is not the one who has many messages.
    messages: isHeavy ? heavyMessages : (messageSlots[(at * 7 + 3) % 200] ?? 0),
    step: isHeavy ? hour : day,
  }
}

/** How many different users somebody writes to. */
const partners = 4

/** What is alike in every user's n-th message, counted from the oldest. */
export interface MessageForm {
  readonly n: number
  /** 1 sent, 2 received. */
  readonly kind: number
  /** 1 of the system, 2 of a user. */
  readonly type: number
  readonly is_read: number
  readonly partner: number
}

export function makeMessageForm(n: number): MessageForm {
  const kind = n % 3 === 0 ? 1 : 2
  return {
    n,
    kind,
    type: n % 6 === 1 ? 1 : 2,
    is_read: kind === 1 || n % 4 < 2 ? 1 : 0,
    partner: n % partners,
  }
}

/** A user's messages that are of a form, and maybe not older than a number of milliseconds. */
export function countMessages(
  { messages, step }: Owner,
  isCounted: (form: MessageForm) => boolean,
  within = Infinity,
): number {
  let counted = 0
  for (let n = 0; n < messages; n++)
    if (isCounted(makeMessageForm(n)) && ageOf(n, messages, step) <= within) counted++
  return counted
}

const ageOf = (n: number, messages: number, step: number) => (messages - n - 0.5) * step

/** Who the partner of a number of a user is. */
export function partnerOf(userId: number, partner: number, users: number): number {
  return firstUser + ((userId - firstUser + 1 + partner * 79) % users)
}
