/**
 * A value, or the promise of one. Most calls find all they need in memory, and a promise would cost them more than
 * any of their steps. Promises are those of the language: of what only has a `then`, such as a query of knex, `await`
 * makes one.
 */
export type Ready<T> = T | Promise<T>

/** Goes on with a value: at once where it is there already. */
export function whenReady<T, Result>(value: Ready<T>, proceed: (value: T) => Ready<Result>): Ready<Result> {
  return value instanceof Promise ? value.then(proceed) : proceed(value)
}

/** Takes steps, and turns what they throw, at once or later, into a value. */
export function recover<T>(steps: () => Ready<T>, fromError: (error: unknown) => T): Ready<T> {
  try {
    const value = steps()
    return value instanceof Promise ? value.catch(fromError) : value
  } catch (error) {
    return fromError(error)
  }
}
