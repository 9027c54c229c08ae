/** Calls in their order for each user, of all users so many at once. */
export interface UserOrder {
  /**
   * Begins work when all earlier work of the same user is done. The user is known by any of several names, and whoever
   * shares one is the same. The work is told whether the candidate is behind for this user, and says whether it is now.
   * It must not throw.
   */
  add(names: readonly string[], work: (isBehind: boolean) => Promise<boolean>): void
  /** Notes that the candidate misses a write of this user. */
  miss(names: readonly string[]): void
  /** Work that has not ended. */
  readonly waiting: number
  /** Resolves when all work that was added has ended. */
  settled(): Promise<void>
}

interface User {
  /** Ends with the newest work. */
  tail: Promise<void>
  /** Whether the candidate has missed a write of this user. */
  isBehind: boolean
  /** Who this one turned out to be. */
  into?: User
}

/** Names that are remembered. When there are more, who shared one with whom is forgotten, and who is behind too. */
const mostNames = 300_000

export function createUserOrder(places: number): UserOrder {
  let users = new Map<string, User>()
  const inPlaces = createPlaces(places)
  const running = new Set<Promise<void>>()
  /** Those who turn out to be one go on as one; the order of each is kept. */
  const joined = (names: readonly string[]): User => {
    if (users.size > mostNames) users = new Map()
    const known = [...new Set(names.flatMap((name) => userOf(users, name) ?? []))]
    const [user = { tail: Promise.resolve(), isBehind: false }, ...others] = known
    if (others.length > 0) user.tail = Promise.all(known.map(({ tail }) => tail)).then(() => undefined)
    for (const other of others) {
      user.isBehind ||= other.isBehind
      other.into = user
    }
    for (const name of names) users.set(name, user)
    return user
  }
  return {
    get waiting() {
      return running.size
    },
    miss(names) {
      joined(names).isBehind = true
    },
    add(names, work) {
      const user = joined(names)
      const before = user.tail
      const run = async () => {
        await before
        await inPlaces(async () => {
          if (await work(rootOf(user).isBehind)) rootOf(user).isBehind = true
        })
        running.delete(ended)
      }
      const ended = run()
      user.tail = ended
      running.add(ended)
    },
    settled: async () => void (await Promise.all(running)),
  }
}

function userOf(users: ReadonlyMap<string, User>, name: string): User | undefined {
  const user = users.get(name)
  return user && rootOf(user)
}

function rootOf(user: User): User {
  let root = user
  while (root.into !== undefined) root = root.into
  // What was walked is shortened for the next time.
  if (user !== root) user.into = root
  return root
}

/** Runs work when one of so many places is free. */
function createPlaces(places: number): (work: () => Promise<void>) => Promise<void> {
  const queue: (() => void)[] = []
  let free = places
  return async (work) => {
    if (free > 0) free--
    else await new Promise<void>((resolve) => queue.push(resolve))
    try {
      await work()
    } finally {
      const next = queue.shift()
      if (next) next()
      else free++
    }
  }
}
