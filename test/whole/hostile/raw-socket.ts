import { connect, type Socket } from 'node:net'
import { once } from 'node:events'

/** A connection that writes what it is told, byte by byte, be it HTTP or not. */
export async function openSocket(port: number): Promise<Socket> {
  const socket = connect(port, '127.0.0.1')
  // How it ends is seen by what was read.
  socket.on('error', () => {})
  await once(socket, 'connect')
  return socket
}

/** All that comes until the other side hangs up. */
export async function readToEnd(socket: Socket): Promise<string> {
  const chunks: Buffer[] = []
  socket.on('data', (chunk: Buffer) => chunks.push(chunk))
  if (!socket.closed) await once(socket, 'close')
  return Buffer.concat(chunks).toString('utf8')
}

/** Sends bytes (a text as UTF-8) on a connection of their own and gives all that is answered. */
export async function exchange(port: number, bytes: string | Buffer): Promise<string> {
  const socket = await openSocket(port)
  const answer = readToEnd(socket)
  socket.write(bytes)
  return answer
}
