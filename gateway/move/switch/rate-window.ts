/** How many of so many. */
export interface Rate {
  readonly calls: number
  readonly bad: number
}

/** How often something went wrong lately. */
export interface RateWindow {
  add(isBad: boolean, now: number): void
  /** Of the last seconds, or of the least number of calls where the last seconds had fewer; undefined for fewer than that. */
  rate(now: number): Rate | undefined
}

/** Seconds that count, and how long the last calls of a method that is seldom called do. */
const seconds = 10
const oldest = 10 * 60_000

/** Counts by seconds; `least` calls are needed to say anything. */
export function createRateWindow(least: number): RateWindow {
  const buckets: { second: number; calls: number; bad: number }[] = []
  const last: { readonly at: number; readonly isBad: boolean }[] = []
  return {
    add(isBad, now) {
      const second = Math.floor(now / 1000)
      let bucket = buckets.at(-1)
      if (bucket?.second !== second) {
        bucket = { second, calls: 0, bad: 0 }
        buckets.push(bucket)
        if (buckets.length > seconds + 1) buckets.shift()
      }
      bucket.calls++
      if (isBad) bucket.bad++
      last.push({ at: now, isBad })
      if (last.length > least) last.shift()
    },
    rate(now) {
      const recent = buckets.filter(({ second }) => second > now / 1000 - seconds)
      const calls = recent.reduce((sum, bucket) => sum + bucket.calls, 0)
      if (calls >= least) return { calls, bad: recent.reduce((sum, { bad }) => sum + bad, 0) }
      const seldom = last.filter(({ at }) => at > now - oldest)
      return seldom.length < least
        ? undefined
        : { calls: seldom.length, bad: seldom.filter(({ isBad }) => isBad).length }
    },
  }
}
