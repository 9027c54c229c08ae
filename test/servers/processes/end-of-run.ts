type Action = () => Promise<void>

const actions: Action[] = []

/** Has something done after the last test, such as stopping a server that suites share. */
export function atEndOfRun(action: Action): void {
  actions.push(action)
}

/** Does what was asked for, the latest first, and gives what failed in doing so. */
export async function endRun(): Promise<unknown[]> {
  const problems: unknown[] = []
  for (const action of actions.splice(0).toReversed()) {
    try {
      await action()
    } catch (problem) {
      problems.push(problem)
    }
  }
  return problems
}
