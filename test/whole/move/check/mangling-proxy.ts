import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

/** An answer on its way back, which a test may change. */
export interface MangledAnswer {
  status: number
  readonly headers: Record<string, string>
  body: Buffer
}

export interface ManglingProxy {
  readonly url: string
  /** Changes every answer from now on. */
  mangle: (answer: MangledAnswer) => void
  readonly close: () => Promise<void>
}

/** Stands before a server and changes its answers. */
export async function startManglingProxy(target: string): Promise<ManglingProxy> {
  const server = createServer((call, answer) => {
    void (async () => {
      const chunks: Buffer[] = []
      for await (const chunk of call) chunks.push(chunk as Buffer)
      const body = Buffer.concat(chunks)
      const { host: _, connection: __, 'content-length': ___, ...headers } = call.headers
      const response = await fetch(`${target}${call.url ?? '/'}`, {
        method: call.method ?? 'GET',
        headers: headers as Record<string, string>,
        redirect: 'manual',
        ...(call.method === 'POST' && { body }),
      })
      const came: MangledAnswer = {
        status: response.status,
        headers: Object.fromEntries(response.headers),
        body: Buffer.from(await response.arrayBuffer()),
      }
      for (const name of ['content-length', 'transfer-encoding', 'connection']) delete came.headers[name]
      proxy.mangle(came)
      answer.writeHead(came.status, came.headers).end(came.body)
    })()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const proxy: ManglingProxy = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    mangle: () => {},
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
  return proxy
}
