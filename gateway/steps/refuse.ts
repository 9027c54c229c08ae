import type { Arrival } from './passage.js'

/** Refuses a call whose path, verb or callback its dialect found to fit no method. */
export function refuse({ incoming }: Arrival): void {
  if (incoming.refusal) throw incoming.refusal
}
