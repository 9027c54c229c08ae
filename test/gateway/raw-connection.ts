import { connect, type Socket } from 'node:net'

/** A bare TCP connection to a server, for what no HTTP client would send. */
export interface RawConnection {
  send(bytes: string): void
  /** What has come back so far. */
  received(): string
  /** Resolves when the server has ended or cut the connection; what came back until then. */
  closed(): Promise<string>
  /** Hangs up. */
  destroy(): void
}

/** Connects, and never ends its own side by itself, as a hostile client would. */
export async function openRawConnection(port: number): Promise<RawConnection> {
  const socket = await new Promise<Socket>((resolve, reject) => {
    const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true }, () => resolve(socket))
    socket.once('error', reject)
  })
  let text = ''
  socket.on('data', (chunk: Buffer) => (text += chunk.toString()))
  // A connection that the server cuts may end in an error: the end is what matters.
  socket.on('error', () => {})
  const ended = new Promise<void>((resolve) => socket.once('end', resolve).once('close', () => resolve()))
  return {
    send: (bytes) => void socket.write(bytes),
    received: () => text,
    closed: async () => {
      await ended
      return text
    },
    destroy: () => socket.destroy(),
  }
}

/** Sends the bytes on a connection of their own and gives all that comes back until the server ends it. */
export async function sendRaw(port: number, bytes: string): Promise<string> {
  const connection = await openRawConnection(port)
  connection.send(bytes)
  const text = await connection.closed()
  connection.destroy()
  return text
}
