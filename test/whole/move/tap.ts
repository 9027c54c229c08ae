import { createHash } from 'node:crypto'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'

/** Listens on the bytes between two servers, and changes none. */
export interface Tap {
  readonly url: string
  /** A digest of all that came back on each connection that has ended. */
  readonly answers: readonly string[]
  /** All that was answered, as text. */
  text(): string
  close(): Promise<void>
}

/** Starts one before the server at `url`. */
export async function startTap(url: string): Promise<Tap> {
  const port = Number(new URL(url).port)
  const answers: string[] = []
  const texts: string[] = []
  const open = new Set<Socket>()
  const server = createServer((client) => {
    const upstream = connect(port, '127.0.0.1')
    const digest = createHash('sha256')
    upstream.on('data', (bytes: Buffer) => {
      digest.update(bytes)
      texts.push(bytes.toString('latin1'))
    })
    upstream.on('end', () => answers.push(digest.digest('hex')))
    client.pipe(upstream).pipe(client)
    for (const socket of [client, upstream]) {
      open.add(socket)
      socket.on('error', () => {})
      socket.on('close', () => open.delete(socket))
    }
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    answers,
    text: () => texts.join(''),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        for (const socket of open) socket.destroy()
      }),
  }
}
