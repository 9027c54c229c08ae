import type { Server } from 'node:http'
import { Server as TcpServer } from 'node:net'
import { setImmediate as afterPolling, setTimeout as sleep } from 'node:timers/promises'

/** How a server that goes lets go of its clients. Times are in milliseconds. */
export interface Drain {
  /** How long clients with open connections are told to leave before idle ones are closed. */
  readonly leave: number
  /** How long calls that are under way may take after that. */
  readonly finish: number
  /** Ends the event streams that clients hold open. */
  readonly endStreams: () => void
}

/** Takes no more connections, asks clients to leave, answers what is under way, then closes. Does nothing the second time. */
export async function drainServer(
  server: Server,
  state: { draining: boolean },
  { leave, finish, endStreams }: Drain,
): Promise<void> {
  if (state.draining) return
  state.draining = true
  endStreams()
  const closed = await stopListening(server)
  // An idle connection that is closed at once could lose the request its client is just sending. So everybody who
  // still calls is told `Connection: close` first.
  const until = Date.now() + leave
  while (Date.now() < until && (await countConnections(server)) > 0) await sleep(20)
  server.closeIdleConnections()
  // Clients may have opened streams since.
  endStreams()
  const cut = setTimeout(() => server.closeAllConnections(), finish)
  await closed.all
  clearTimeout(cut)
  // Ends what the server does beside its connections.
  server.close()
}

/**
 * Refuses new connections, so that a proxy asks another node, and leaves all others as they are: while clients are told
 * to leave each would come back over a new one, and a connection that the system has taken but nobody has accepted is
 * reset with the call that is in it. `all` resolves when the last one is closed.
 */
async function stopListening(server: Server): Promise<{ readonly all: Promise<void> }> {
  // Just after the loop has polled, fewest of them wait to be accepted.
  await afterPolling()
  return { all: new Promise((resolve) => TcpServer.prototype.close.call(server, () => resolve())) }
}

function countConnections(server: Server): Promise<number> {
  return new Promise((resolve) => server.getConnections((error, count) => resolve(error ? 0 : count)))
}
