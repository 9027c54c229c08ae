import type { Server } from 'node:http'
import type { Socket } from 'node:net'

/** What went over a connection when it was last looked at, and since when it has been no more. */
interface Traffic {
  readonly bytes: number
  readonly since: number
}

/**
 * Closes connections over which nothing has come or been written for this many milliseconds, or up to two tenths more,
 * be it because their client is gone or because an answer is not fetched. node:http's own keepAliveTimeout sets and
 * clears a timer around each request, one part in twenty-five of what a call costs; here a call pays nothing.
 */
export function closeSilentConnections(server: Server, milliseconds: number): void {
  const connections = new Map<Socket, Traffic>()
  server.on('connection', (socket) => {
    connections.set(socket, { bytes: 0, since: performance.now() })
    socket.once('close', () => connections.delete(socket))
  })
  const sweep = setInterval(() => {
    const now = performance.now()
    for (const [socket, { bytes, since }] of connections) {
      const bytesNow = socket.bytesRead + socket.bytesWritten
      if (bytesNow !== bytes) connections.set(socket, { bytes: bytesNow, since: now })
      else if (now - since >= milliseconds) socket.destroy()
    }
  }, milliseconds / 10)
  sweep.unref()
  server.once('close', () => clearInterval(sweep))
}
