import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { json } from 'node:stream/consumers'

/** A stand-in for Alertmanager: takes what Prometheus tells it of alarms that fire (its API, version 2). */
export interface Alertmanager {
  /** `host:port` */
  readonly target: string
  /** The names of the alarms that it was told of. */
  readonly told: ReadonlySet<string>
  stop(): Promise<void>
}

export async function startAlertmanager(): Promise<Alertmanager> {
  const told = new Set<string>()
  const server = createServer((request, response) => {
    void json(request).then((alerts) => {
      const isTold = request.method === 'POST' && request.url === '/api/v2/alerts'
      response.writeHead(isTold ? 200 : 404).end()
      if (!isTold) return
      for (const { labels } of alerts as { readonly labels: Readonly<Record<string, string>> }[])
        told.add(labels['alertname'] ?? '')
    })
  })
  await once(server.listen(0, '127.0.0.1'), 'listening')
  return {
    target: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    told,
    async stop() {
      server.closeAllConnections()
      await once(server.close(), 'close')
    },
  }
}
