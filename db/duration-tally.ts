/** How often something took how long: a histogram that costs a comparison or two to add to. */
export class DurationTally {
  /** How many took at most each bound but more than the one before; the last slot is for slower ones. */
  readonly slots: Uint32Array
  readonly bounds: readonly number[]
  count = 0
  seconds = 0

  /** @param bounds upper ones, in seconds, in ascending order */
  constructor(bounds: readonly number[]) {
    this.bounds = bounds
    this.slots = new Uint32Array(bounds.length + 1)
  }

  add(seconds: number): void {
    const { bounds, slots } = this
    let slot = 0
    while (slot < bounds.length && seconds > (bounds[slot] ?? 0)) slot++
    slots[slot] = (slots[slot] ?? 0) + 1
    this.count++
    this.seconds += seconds
  }
}
