import { context, ROOT_CONTEXT, type Span, SpanKind, trace, TraceFlags } from '@opentelemetry/api'
import type { Config } from '../../../config/config.js'
import { markFailed, tracerName } from '../../../db/span.js'
import { readTraceparent, writeTraceparent } from '../../wire/traceparent.js'
import { packageVersion } from './own-package.js'

/** Tells a collector of OpenTelemetry what calls, their transactions and calls of others took. */
export interface Tracing {
  /** The span of a call that begins; undefined where no collector is configured. */
  beginCall(request: CallRequest): CallSpan | undefined
  /** Sends what is kept, within some seconds. */
  close(): Promise<void>
}

/** What is known of a call when it begins. */
interface CallRequest {
  readonly verb: string
  readonly requestId: string
  /** The caller's trace, as `writeTraceparent` writes it. */
  readonly traceparent?: string | undefined
}

/** What came of it. */
interface CallOutcome {
  readonly method: { readonly name: string } | undefined
  readonly app?: string | undefined
  readonly error?: { readonly key: string }
}

export interface CallSpan {
  /** The caller's trace or one of our own, with this span as the last of it. */
  readonly traceparent: string
  /** Spans that begin in `work` are this one's. */
  run<T>(work: () => T): T
  end(outcome: CallOutcome, status: number): void
}

/** A collector is configured, and what sends to it is not installed. */
export class TracingAbsentError extends Error {
  override readonly name = 'TracingAbsentError'
}

/** What sends is some thirty megabytes that a server without a collector need not have. */
const packages = [
  '@opentelemetry/sdk-trace-node@2',
  '@opentelemetry/resources@2',
  '@opentelemetry/exporter-trace-otlp-http@0.223',
]

/** How long the collector may take for what is sent to it, in milliseconds. */
const patience = 3000

const off: Tracing = { beginCall: () => undefined, close: () => Promise.resolve() }

/** @throws TracingAbsentError */
export async function createTracing(config: Config['tracing']): Promise<Tracing> {
  if (config === undefined) return off
  const provider = await startProvider(config)
  return {
    beginCall,
    async close() {
      // A collector that is away must not keep the server from ending.
      await provider.shutdown().catch(() => {})
      trace.disable()
      context.disable()
    },
  }
}

async function startProvider({ endpoint, headers, share }: NonNullable<Config['tracing']>) {
  const [sdk, { OTLPTraceExporter }, { resourceFromAttributes }] = await loadPackages()
  const exporter = new OTLPTraceExporter({
    url: `${endpoint.replace(/\/+$/, '')}/v1/traces`,
    headers: { ...headers },
    timeoutMillis: patience,
  })
  const provider = new sdk.NodeTracerProvider({
    sampler: new sdk.ParentBasedSampler({ root: new sdk.TraceIdRatioBasedSampler(share) }),
    spanProcessors: [new sdk.BatchSpanProcessor(exporter, { exportTimeoutMillis: patience })],
    resource: resourceFromAttributes({
      'service.name': tracerName,
      'service.version': packageVersion(),
    }),
  })
  // How calls name their trace is read by us.
  provider.register({ propagator: null })
  return provider
}

async function loadPackages() {
  try {
    return await Promise.all([
      import('@opentelemetry/sdk-trace-node'),
      import('@opentelemetry/exporter-trace-otlp-http'),
      import('@opentelemetry/resources'),
    ])
  } catch (cause) {
    throw new TracingAbsentError(
      `OTEL_EXPORTER_OTLP_ENDPOINT needs packages that are not installed; in the server's folder: npm install --prefix .. --no-save --no-package-lock ${packages.join(' ')}`,
      { cause },
    )
  }
}

function beginCall({ verb, requestId, traceparent }: CallRequest): CallSpan {
  const caller = readTraceparent(traceparent)
  const parent = caller
    ? trace.setSpanContext(ROOT_CONTEXT, {
        traceId: caller.traceId,
        spanId: caller.spanId,
        traceFlags: caller.flags,
        isRemote: true,
      })
    : ROOT_CONTEXT
  const attributes = { 'http.request.method': verb, 'passport.request_id': requestId }
  const span = trace.getTracer(tracerName).startSpan('call', { kind: SpanKind.SERVER, attributes }, parent)
  const { traceId, spanId, traceFlags } = span.spanContext()
  return {
    traceparent: writeTraceparent({ traceId, spanId, flags: traceFlags & TraceFlags.SAMPLED }),
    run: (work) => context.with(trace.setSpan(parent, span), work),
    end: (outcome, status) => endCall(span, outcome, status),
  }
}

function endCall(span: Span, { method, app, error }: CallOutcome, status: number): void {
  const name = method?.name ?? 'unknown'
  span.updateName(name).setAttributes({ 'rpc.method': name, 'http.response.status_code': status })
  if (app !== undefined) span.setAttribute('passport.app', app)
  if (error !== undefined) markFailed(span, error.key)
  span.end()
}
