import { randomBytes } from 'node:crypto'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'

/** How what stands before a server behaves: it hands on, or answers something in its place. */
export type Mood = 'pass' | 'noise' | 'page' | 'endless' | 'drip' | 'blanks' | 'silent' | 'hang up'

/** Hands bytes on to a server, or answers garbage in its place. */
export interface MoodyRelay {
  readonly url: string
  mood: Mood
  close(): Promise<void>
}

const head = 'HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n'

export async function startMoodyRelay(url: string): Promise<MoodyRelay> {
  const port = Number(new URL(url).port)
  const open = new Set<Socket>()
  const relay = { url: '', mood: 'pass' as Mood, close: () => Promise.resolve() }
  const server = createServer((client) => {
    open.add(client)
    client.on('error', () => {}).on('close', () => open.delete(client))
    client.on('data', (bytes: Buffer) => {
      if (relay.mood === 'pass') handOn(bytes)
      else answerGarbage(client, relay.mood)
    })
    let behind: Socket | undefined
    const handOn = (bytes: Buffer) => {
      behind ??= connect(port, '127.0.0.1')
        .on('error', () => client.destroy())
        .on('close', () => client.destroy())
        .on('data', (answer: Buffer) => client.write(answer))
      behind.write(bytes)
    }
    client.on('close', () => behind?.destroy())
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  relay.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  relay.close = () =>
    new Promise((resolve) => {
      server.close(() => resolve())
      for (const socket of open) socket.destroy()
    })
  return relay
}

function answerGarbage(client: Socket, mood: Exclude<Mood, 'pass'>): void {
  if (mood === 'hang up') client.destroy()
  if (mood === 'noise') client.end(randomBytes(4096))
  if (mood === 'page') client.end('HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n<html>Bad Gateway</html>')
  if (mood === 'blanks') client.end(`${head}Connection: close\r\n\r\nx${' '.repeat(600_000)}x`)
  if (mood === 'endless') {
    client.write(`${head}\r\n`)
    const more = () => {
      while (!client.destroyed && client.write('{"a":['.repeat(10_000)));
    }
    client.on('drain', more)
    more()
  }
  if (mood === 'drip') {
    client.write(`${head}Content-Length: 100000\r\n\r\n`)
    const timer = setInterval(() => client.write(' '), 100)
    client.on('close', () => clearInterval(timer))
  }
}
