import { once } from 'node:events'
import { createServer, type IncomingHttpHeaders } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'

/** A span as OTLP writes it in JSON, as far as tests look. */
export interface CollectedSpan {
  readonly traceId: string
  readonly spanId: string
  readonly parentSpanId?: string
  readonly name: string
  readonly attributes: readonly { readonly key: string; readonly value: Readonly<Record<string, unknown>> }[]
  readonly status: { readonly code: number }
}

/** A stand-in for a collector of OpenTelemetry: takes traces by OTLP over HTTP, in JSON (opentelemetry-proto 1.x). */
export interface Collector {
  readonly url: string
  readonly spans: readonly CollectedSpan[]
  readonly headers: readonly IncomingHttpHeaders[]
  readonly bodies: readonly string[]
  stop(): Promise<void>
}

interface TracesRequest {
  readonly resourceSpans: readonly {
    readonly scopeSpans: readonly { readonly spans: readonly CollectedSpan[] }[]
  }[]
}

export async function startCollector(): Promise<Collector> {
  const spans: CollectedSpan[] = []
  const headers: IncomingHttpHeaders[] = []
  const bodies: string[] = []
  const server = createServer((request, response) => {
    void text(request).then((body) => {
      const isTraces = request.method === 'POST' && request.url === '/v1/traces'
      response.writeHead(isTraces ? 200 : 404, { 'Content-Type': 'application/json' }).end('{}')
      if (!isTraces) return
      headers.push(request.headers)
      bodies.push(body)
      const { resourceSpans }: TracesRequest = JSON.parse(body)
      for (const { scopeSpans } of resourceSpans) for (const scope of scopeSpans) spans.push(...scope.spans)
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}`,
    spans,
    headers,
    bodies,
    async stop() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}
