import { createServer, type Server } from 'node:http'
import type { Config } from '../../config/config.js'

/** Answers `/healthz` and `/readyz` on the server's own port while a shop is taken over. */
export interface WaitingServer {
  /** Says what is being done; the first time, starts to listen. */
  readonly show: (step: string) => void
  /** Lets go of the port. */
  close(): Promise<void>
}

/**
 * Made before the server itself: taking over a shop's users takes minutes, and an orchestrator would kill a process that
 * answers nothing. `/healthz` is well, `/readyz` 503 with the step; everything else is 503.
 */
export function createWaitingServer({ host, port }: Pick<Config, 'host' | 'port'>): WaitingServer {
  let step = ''
  let server: Server | undefined
  /** Looking up the host takes a moment, after which the port would be taken though it was let go of. */
  let settled: Promise<void> | undefined
  const listen = () => {
    const made = createServer((request, response) => {
      const isHealth = request.url === '/healthz'
      response.writeHead(isHealth ? 200 : 503, {
        'Content-Type': 'application/json; charset=utf-8',
        'Cache-Control': 'no-store',
        Connection: 'close',
      })
      response.end(JSON.stringify(isHealth ? { status: 'ok' } : { status: 'not ready', step }))
    })
    // Who holds the port is told by the server itself, which takes it next.
    settled = new Promise((resolve) => made.once('listening', resolve).on('error', () => resolve()))
    return made.listen(port, host)
  }
  return {
    show(next) {
      step = next
      server ??= listen()
    },
    async close() {
      await settled
      if (!server?.listening) return
      const closing = server
      await new Promise<void>((resolve) => {
        closing.close(() => resolve())
        closing.closeAllConnections()
      })
    },
  }
}
