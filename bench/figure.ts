/** One line of the result. */
export interface Figure {
  readonly group: string
  readonly title: string
  readonly value: number
  /** `×` for a ratio, else what the value is counted in. */
  readonly unit: string
  /** Least and greatest of the values whose median `value` is. */
  readonly spread?: readonly [least: number, greatest: number]
  readonly goal?: Goal
  /** What stands behind the value, for a reader who wants to know. */
  readonly detail?: string
}

export interface Goal {
  readonly atLeast?: number
  readonly atMost?: number
}

export function isMet({ value, goal }: Figure): boolean | undefined {
  if (!goal) return undefined
  return value >= (goal.atLeast ?? -Infinity) && value <= (goal.atMost ?? Infinity)
}

export function median(values: readonly number[]): number {
  return quantile(values, 0.5)
}

/** The value below which a share of the values lies, by linear interpolation. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((left, right) => left - right)
  const at = (sorted.length - 1) * share
  const low = sorted[Math.floor(at)] ?? NaN
  const high = sorted[Math.ceil(at)] ?? NaN
  return low + (high - low) * (at - Math.floor(at))
}

/** Median and spread of values, as a figure has them. */
export function summarise(values: readonly number[]): { value: number; spread: [number, number] } {
  return { value: median(values), spread: [Math.min(...values), Math.max(...values)] }
}
