/** Milliseconds within which half, and 99 of a hundred, answers came. */
export interface Latency {
  readonly p50: number
  readonly p99: number
}

export interface Latencies {
  add(milliseconds: number): void
  figures(): Latency
}

/** Times that are kept; of more, every second, then every fourth and so on. */
const most = 10_000

/** Times of any number of answers, in a memory that does not grow with it. */
export function createLatencies(): Latencies {
  let kept: number[] = []
  let step = 1
  let count = 0
  return {
    add(milliseconds) {
      if (count++ % step !== 0) return
      kept.push(milliseconds)
      if (kept.length < most) return
      kept = kept.filter((_, place) => place % 2 === 0)
      step *= 2
    },
    figures() {
      const sorted = kept.toSorted((one, other) => one - other)
      const at = (share: number) =>
        sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0
      return { p50: rounded(at(0.5)), p99: rounded(at(0.99)) }
    },
  }
}

function rounded(milliseconds: number): number {
  return Math.round(milliseconds * 10) / 10
}
