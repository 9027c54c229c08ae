import type { Server } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'

/** How a server that goes lets go of its clients. Times are in milliseconds. */
export interface Drain {
  /** How long clients with open connections are told to leave before idle ones are closed. */
  readonly leave: number
  /** How long calls that are under way may take after that. */
  readonly finish: number
  /** Ends the event streams that clients hold open. */
  readonly endStreams: () => void
}

/** Stops taking connections, answers what is under way, then closes. Does nothing the second time. */
export async function drainServer(
  server: Server,
  state: { draining: boolean },
  { leave, finish, endStreams }: Drain,
): Promise<void> {
  if (state.draining) return
  state.draining = true
  endStreams()
  // An idle connection that is closed at once could lose the request its client is just sending. So everybody who
  // still calls is told `Connection: close` first.
  const until = Date.now() + leave
  while (Date.now() < until && (await countConnections(server)) > 0) await sleep(20)
  const closed = new Promise<void>((resolve) => server.close(() => resolve()))
  // Clients may have opened streams since.
  endStreams()
  const cut = setTimeout(() => server.closeAllConnections(), finish)
  await closed
  clearTimeout(cut)
}

function countConnections(server: Server): Promise<number> {
  return new Promise((resolve) => server.getConnections((error, count) => resolve(error ? 0 : count)))
}
