import { createServer, request, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/** What a server does from now on. */
export type Fault = 'none' | 'killed' | 'status 500' | 'other content'

/** Stands before a server, and gives it faults. */
export interface FaultyServer {
  readonly url: string
  be(fault: Fault): Promise<void>
  close(): Promise<void>
}

export async function startFaultyServer(behind: string): Promise<FaultyServer> {
  let fault: Fault = 'none'
  const server = createServer((call, answer) => {
    if (fault === 'status 500') {
      answer.writeHead(500).end('broken')
      return
    }
    const passed = request(
      `${behind}${call.url}`,
      { method: call.method, headers: call.headers },
      (response) => {
        const chunks: Buffer[] = []
        response.on('data', (bytes: Buffer) => chunks.push(bytes))
        response.on('end', () =>
          write(answer, response.headers['content-type'] ?? '', Buffer.concat(chunks).toString()),
        )
      },
    )
    passed.on('error', () => answer.destroy())
    call.pipe(passed)
  })
  const write = (answer: ServerResponse, type: string, text: string) => {
    answer.setHeader('Content-Type', type)
    answer.end(fault === 'other content' ? text.replaceAll('"Y"', '"N"') : text)
  }
  const listen = (port: number) => new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))
  const close = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve())
      server.closeAllConnections()
    })
  await listen(0)
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}`,
    async be(wanted) {
      if (wanted === 'killed') await close()
      else if (!server.listening) await listen(port)
      fault = wanted
    },
    close,
  }
}
