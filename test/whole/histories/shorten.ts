import type { History, Step } from './history.js'

/**
 * A history that still fails, and none of whose steps, calls, twins and kills can be left out by itself. The property-testing
 * library cuts off whole parts, and gives up where each of them holds something that the failure needs.
 */
export async function shorten(
  history: History,
  fails: (shorter: History) => Promise<boolean>,
): Promise<History> {
  let shortest = history
  for (let before: History | undefined; before !== shortest; ) {
    before = shortest
    // From its end: what comes later mostly hangs on what came before.
    for (let at = shortest.length - 1; at >= 0; at--)
      for (const shorter of withLessAt(shortest, at)) {
        if (!(await fails(shorter))) continue
        shortest = shorter
        break
      }
  }
  return shortest
}

function withLessAt(history: History, at: number): History[] {
  const step = history[at]
  const less: readonly (readonly Step[])[] = step ? [[], ...lessOf(step).map((one) => [one])] : []
  return less.map((steps) => history.toSpliced(at, 1, ...steps))
}

function lessOf(step: Step): Step[] {
  if (step.kind !== 'calls') return []
  const { wishes, areTwins, killAfter } = step
  const fewer = wishes.length > 1 ? wishes.map((_, at) => ({ ...step, wishes: wishes.toSpliced(at, 1) })) : []
  return [
    ...fewer,
    ...(areTwins ? [{ ...step, areTwins: false }] : []),
    ...(killAfter >= 0 ? [{ ...step, killAfter: -1 }] : []),
  ]
}
