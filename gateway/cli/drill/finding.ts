import type { Target } from './target.js'

/** What a drill found out about one promise of the server. */
export interface Finding {
  /** `skipped`: the server gave no way to tell, and `detail` says what it lacks. */
  readonly outcome: 'held' | 'broken' | 'skipped'
  /** What the server is to do, as in "a re-cut call is refused". */
  readonly promise: string
  readonly detail?: string | undefined
}

/** One attack that is tried against a running server. It leaves the server's data as it found them, as far as it can. */
export interface Drill {
  readonly name: string
  /** One line for the help. */
  readonly description: string
  attack(target: Target): Promise<readonly Finding[]>
}

/** A finding by whether the promise was kept; `detail` is told in both cases. */
export function judge(promise: string, isKept: boolean, detail?: string): Finding {
  return { outcome: isKept ? 'held' : 'broken', promise, detail }
}

/** A finding that could not be made; `detail` says what would be needed. */
export function skip(promise: string, detail: string): Finding {
  return { outcome: 'skipped', promise, detail }
}
