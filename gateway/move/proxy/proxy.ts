import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import { createConnections } from './connections.js'
import {
  type ChooseUpstream,
  type ExchangeObserver,
  guardObserver,
  joinObservers,
  type Observe,
} from './observer.js'
import { type Choice, passThrough } from './pass-through.js'
import { tunnel } from './tunnel.js'

export interface ProxyOptions {
  readonly host: string
  /** 0 for any that is free. */
  readonly port: number
  readonly upstream: ChooseUpstream
  /** Where a call goes, if that takes more than its head to say; undefined for one that goes to `upstream`. */
  readonly choose?: Choose
  readonly observe?: Observe
  /** Whether upstreams are told the caller's address, by X-Forwarded-For. */
  readonly tellsAddress: boolean
  /** Told in a few words what went wrong; never of a value of a call. */
  readonly warn: (text: string) => void
}

/** Never rejects, as a call always has somewhere to go. What it observes is told of this one exchange. */
export type Choose = (
  call: IncomingMessage,
  answer: ServerResponse,
) => Promise<Choice & { readonly observer?: ExchangeObserver }> | undefined

export interface RunningProxy {
  /** Where it listens, without a slash at its end. */
  readonly url: string
  /** Takes no more calls, and waits for those that are under way; ends them after so many milliseconds. */
  close(patience?: number): Promise<void>
}

/** Milliseconds between two warnings of the same kind. */
const warningPause = 10_000

/** Starts a proxy that hands calls on and their answers back, byte for byte. */
export async function startProxy(options: ProxyOptions): Promise<RunningProxy> {
  const { upstream, tellsAddress, warn } = options
  const observe =
    options.observe &&
    guardObserver(options.observe, (error) => {
      warn(`recording has stopped, and calls pass on: ${reasonOf(error)}`)
    })
  const failed = seldom((error: Error) => warn(`no answer of the old server: ${error.message}`))
  const connections = createConnections()
  const handle = (call: IncomingMessage, answer: ServerResponse) => {
    const observer = observe?.(call)
    const plain = { upstream: upstream(call), connections, observer, tellsAddress, failed }
    const choosing = options.choose?.(call, answer)
    if (choosing === undefined) return passThrough(call, answer, plain)
    // The client's connection is in use from here on, whatever becomes of those to upstreams.
    connections.setBusy(call.socket, true)
    void choosing.then((choice) => {
      connections.setBusy(call.socket, false)
      const joined = joinObservers(observer, choice.observer)
      if (!answer.destroyed) return passThrough(call, answer, { ...plain, ...choice, observer: joined })
      joined?.ended('client gone')
    })
  }
  const server = createServer(
    // What a call may be is the upstream's to say, so nothing here is in a hurry.
    { requestTimeout: 0, keepAliveTimeout: 0, maxHeaderSize: 256 * 1024, requireHostHeader: false },
    handle,
  )
  // Those that changed their protocol are no longer among the server's own connections.
  const sockets = new Set<Socket>()
  server.on('connection', (socket: Socket) => {
    sockets.add(socket)
    socket.once('close', () => sockets.delete(socket))
  })
  server.on('checkContinue', handle)
  server.on('checkExpectation', handle)
  server.on('upgrade', (call, socket, head) =>
    tunnel(call, { client: socket, head, upstream: upstream(call) }),
  )
  server.on('clientError', (_error, socket) => {
    if (socket.writable) socket.end('HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n')
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(options.port, options.host, resolve)
  })
  const { address, port, family } = server.address() as AddressInfo
  return {
    url: `http://${family === 'IPv6' ? `[${address}]` : address}:${port}`,
    close: (patience = 5000) =>
      new Promise((resolve) => {
        const late = setTimeout(() => sockets.forEach((socket) => socket.destroy()), patience)
        server.close(() => {
          clearTimeout(late)
          resolve()
        })
        server.closeIdleConnections()
      }),
  }
}

function seldom(tell: (error: Error) => void): (error: Error) => void {
  let last = Number.NEGATIVE_INFINITY
  return (error) => {
    const now = performance.now()
    if (now - last < warningPause) return
    last = now
    tell(error)
  }
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
