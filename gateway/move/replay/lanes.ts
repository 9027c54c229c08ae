/** Joins names that belong to one user, and then tells which user a name belongs to. */
export interface Lanes {
  /** All of these are one user's. */
  join(owners: readonly string[]): void
  /** The same text for all owners that were joined. */
  laneOf(owners: readonly string[]): string
}

/** A user signs in by a number and is then known by a token: both are found in the call that gave the token. */
export function createLanes(): Lanes {
  const parents = new Map<string, string>()
  const find = (name: string): string => {
    let root = name
    for (let parent = parents.get(root); parent !== undefined; parent = parents.get(root)) root = parent
    // What was walked is shortened for the next time.
    for (let at = name; at !== root; ) {
      const next = parents.get(at) ?? root
      parents.set(at, root)
      at = next
    }
    return root
  }
  return {
    join(owners) {
      const [first = '', ...others] = owners.map(find)
      for (const other of others) if (find(other) !== find(first)) parents.set(find(other), find(first))
    },
    laneOf: ([first = '']) => find(first),
  }
}

/** Runs work in order within each lane, and of all lanes so many at once. */
export interface LaneRunner {
  /** Resolves when there is room for more; rejects never. */
  add(lane: string, work: () => Promise<void>): Promise<void>
  /** Resolves when all is done; rejects with the first error of any work. */
  done(): Promise<void>
}

/** Work that may wait, for each place at which it runs. */
const aheadPerPlace = 64

export function createLaneRunner(places: number): LaneRunner {
  const tails = new Map<string, Promise<void>>()
  const waiting: (() => void)[] = []
  const all = new Set<Promise<void>>()
  const errors: unknown[] = []
  let free = places
  const takePlace = () =>
    free > 0 ? Promise.resolve(void free--) : new Promise<void>((resolve) => waiting.push(resolve))
  const givePlace = () => {
    const next = waiting.shift()
    if (next) next()
    else free++
  }
  const run = async (before: Promise<void> | undefined, work: () => Promise<void>) => {
    await before
    await takePlace()
    try {
      if (errors.length === 0) await work()
    } catch (error) {
      errors.push(error)
    } finally {
      givePlace()
    }
  }
  return {
    async add(lane, work) {
      const running = run(tails.get(lane), work)
      tails.set(lane, running)
      const settled = running.then(() => {
        all.delete(settled)
        if (tails.get(lane) === running) tails.delete(lane)
      })
      all.add(settled)
      while (all.size > places * aheadPerPlace) await Promise.race(all)
    },
    async done() {
      await Promise.all(all)
      if (errors.length > 0) throw errors[0]
    },
  }
}
