import type { Server } from 'node:http'
import { Server as TcpServer } from 'node:net'
import { setImmediate as afterPolling, setTimeout as sleep } from 'node:timers/promises'

/** A turn of the event loop that takes less, in milliseconds, leaves a new connection hardly a moment to wait in. */
const shortTurn = 0.2
/** A server with so much to do that none is short stops to listen after this many. */
const turnsAwaited = 200

/** What a server that stops does by now. */
export interface DrainState {
  /** It is going: /readyz says so. */
  draining: boolean
  /** It takes no more connections: each answer asks its client to leave. */
  leaving: boolean
}

/** How a server that goes lets go of its clients. Times are in milliseconds. */
export interface Drain {
  /** How long connections are taken all the same, while /readyz says that the server goes. */
  readonly linger: number
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
  state: DrainState,
  { linger, leave, finish, endStreams }: Drain,
): Promise<void> {
  if (state.draining) return
  state.draining = true
  // A balancer that asks for it sends nobody any more by then: a connection that comes just as the server stops to
  // listen is lost.
  await sleep(linger)
  endStreams()
  const closed = await stopListening(server)
  state.leaving = true
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
 * Refuses new connections, so that a proxy asks another node, and leaves all others as they are: until then nobody is
 * told to leave, as each client would come back over a new one, and a connection that the system has taken but nobody has
 * accepted is reset with the call that is in it. `all` resolves when the last one is closed.
 */
async function stopListening(server: Server): Promise<{ readonly all: Promise<void> }> {
  await afterShortTurn()
  return { all: new Promise((resolve) => TcpServer.prototype.close.call(server, () => resolve())) }
}

/** Just after the loop has polled, what wait to be accepted are those that came while it did what else it found. */
async function afterShortTurn(): Promise<void> {
  for (let turn = 0; turn < turnsAwaited; turn++) {
    const began = performance.now()
    await afterPolling()
    if (performance.now() - began < shortTurn) return
  }
}

function countConnections(server: Server): Promise<number> {
  return new Promise((resolve) => server.getConnections((error, count) => resolve(error ? 0 : count)))
}
