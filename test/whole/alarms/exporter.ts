import { once } from 'node:events'
import { createServer } from 'node:http'
import { freePort } from '../../servers/processes/process.js'

/** What stands in for a node that reports of a cluster which this machine does not have. */
export interface Exporter {
  readonly target: string
  /** Values by metric. */
  values: Readonly<Record<string, number>>
  stop(): Promise<void>
}

export async function startExporter(values: Exporter['values']): Promise<Exporter> {
  const port = await freePort()
  const exporter: Exporter = {
    target: `127.0.0.1:${port}`,
    values,
    async stop() {
      if (!server.listening) return
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
  const server = createServer((_, response) => {
    const lines = Object.entries(exporter.values).map(([name, value]) => `${name} ${value}\n`)
    response.writeHead(200, { 'Content-Type': 'text/plain; version=0.0.4' }).end(lines.join(''))
  })
  server.listen(port, '127.0.0.1')
  await once(server, 'listening')
  return exporter
}
