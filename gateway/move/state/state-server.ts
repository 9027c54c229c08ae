import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { MoveState } from './move-state.js'
import { statePage } from './state-page.js'

interface StateServerOptions {
  readonly host: string
  readonly port: number
  readonly timeZone: string
  readonly read: () => Promise<MoveState>
}

/** Serves the state: `/` as a page, `/state.json` for machines. It changes nothing, and asks for nobody's name. */
export async function startStateServer({ host, port, timeZone, read }: StateServerOptions): Promise<{
  readonly url: string
  close(): Promise<void>
}> {
  const server = createServer((call, answer) => {
    const path = call.url?.split('?')[0] ?? ''
    if (path !== '/' && path !== '/state.json') return write(answer, 404, 'text/plain', 'not found\n')
    read().then(
      (state) =>
        path === '/'
          ? write(answer, 200, 'text/html; charset=utf-8', statePage(state, timeZone))
          : write(answer, 200, 'application/json', `${JSON.stringify(state, null, 2)}\n`),
      () => write(answer, 503, 'text/plain', 'the database does not answer; calls pass all the same\n'),
    )
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, host, resolve)
  })
  return {
    url: `http://${host.includes(':') ? `[${host}]` : host}:${(server.address() as AddressInfo).port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

function write(answer: ServerResponse, ...[status, type, body]: [number, string, string]): void {
  answer.writeHead(status, {
    'Content-Type': type,
    'Cache-Control': 'no-store',
    'Content-Security-Policy': "default-src 'none'; style-src 'unsafe-inline'",
    'X-Content-Type-Options': 'nosniff',
  })
  answer.end(body)
}
