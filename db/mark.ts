/** Stands in a compiled statement for a value that is given when it runs. */
export class Mark {
  readonly #at: number
  readonly #write: (value: unknown) => unknown

  /** `write` makes of the value what its column holds. */
  constructor(at: number, write: (value: unknown) => unknown = (value) => value) {
    this.#at = at
    this.#write = write
  }

  /** A mark of the same value in the form of a column. */
  written(write: (value: unknown) => unknown): Mark {
    return new Mark(this.#at, write)
  }

  fill(given: readonly unknown[]): unknown {
    return this.#write(given[this.#at])
  }
}
