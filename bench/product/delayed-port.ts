import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'

/** A port that leads to another one of this machine, as if that stood some milliseconds away. */
export interface DelayedPort {
  readonly port: number
  close(): void
}

/** `milliseconds`: there and back; all that is sent arrives in its order, however much of it is on its way. */
export async function openDelayedPort(target: number, milliseconds: number): Promise<DelayedPort> {
  const sockets = new Set<Socket>()
  const server = createServer({ noDelay: true }, (near) => {
    const far = connect({ port: target, host: '127.0.0.1', noDelay: true })
    for (const [from, to] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(from)
      from.on('data', (part: Buffer) => setTimeout(() => to.write(part), milliseconds / 2))
      from.on('error', () => to.destroy())
      from.on('close', () => {
        sockets.delete(from)
        to.destroy()
      })
    }
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  return {
    port: (server.address() as AddressInfo).port,
    close() {
      server.close()
      for (const socket of sockets) socket.destroy()
    },
  }
}
