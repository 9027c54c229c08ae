import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/** A call as a server got it. */
export interface SeenCall {
  readonly verb: string
  readonly url: string
  readonly headers: readonly string[]
  body: Buffer
  /** How its body came to an end; `open` while it comes. */
  end: 'open' | 'whole' | 'cut'
}

/** A server that says which one it is, and keeps what it is asked. */
export interface SidedServer {
  readonly url: URL
  readonly calls: SeenCall[]
  /** Answers that were broken off before they were out. */
  readonly brokenOff: () => number
  close(): Promise<void>
}

/** Its answer has the header `X-Side`; with `slow` in the query it begins after 300 ms. */
export async function startSidedServer(side: 'old' | 'new'): Promise<SidedServer> {
  const calls: SeenCall[] = []
  let brokenOff = 0
  const handle = (call: IncomingMessage, answer: ServerResponse) => {
    const seen: SeenCall = {
      verb: call.method ?? '',
      url: call.url ?? '',
      headers: call.rawHeaders,
      body: Buffer.alloc(0),
      end: 'open',
    }
    calls.push(seen)
    const chunks: Buffer[] = []
    call.on('data', (bytes: Buffer) => chunks.push(bytes))
    call.on('error', () => (seen.end = 'cut'))
    answer.on('close', () => (brokenOff += answer.writableFinished ? 0 : 1))
    call.on('end', () => {
      Object.assign(seen, { body: Buffer.concat(chunks), end: 'whole' })
      const finish = () => {
        answer.setHeader('X-Side', side)
        answer.setHeader('Content-Type', 'application/json')
        // Without a length, so that it is up to HTTP how the end is told.
        answer.write('{"code":200,')
        answer.end(`"data":"${side}"}`)
      }
      if (seen.url.includes('slow')) setTimeout(finish, 300)
      else finish()
    })
  }
  const server = createServer(handle)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}`),
    calls,
    brokenOff: () => brokenOff,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}
