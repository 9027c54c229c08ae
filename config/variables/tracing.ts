import type { Variable } from './rule.js'

/** Variables of traces, named as OpenTelemetry names them. */
export const tracingVariables = {
  OTEL_EXPORTER_OTLP_ENDPOINT: {
    type: 'string',
    format: 'web-url',
    'x-password': true,
    description:
      'A collector of OpenTelemetry, such as http://collector:4318, that is told what calls and their parts took; needs further packages (docs/operate.md).',
  },
  OTEL_EXPORTER_OTLP_HEADERS: {
    type: 'string',
    minLength: 3,
    'x-secret': true,
    description: 'Headers for the collector, as name=value,name=value, percent-encoded.',
  },
  OTEL_TRACES_SAMPLER_ARG: {
    type: 'number',
    minimum: 0,
    maximum: 1,
    default: 1,
    description: 'The share of calls without a traceparent of their own that is traced, from 0 to 1.',
  },
} as const satisfies Record<string, Variable>

/** Where spans are sent, and of how many calls. */
export interface TracingConfig {
  readonly endpoint: string
  readonly headers: Readonly<Record<string, string>>
  /** Of calls that belong to no caller's trace, 0 to 1. */
  readonly share: number
}

interface TracingValues {
  readonly OTEL_EXPORTER_OTLP_ENDPOINT?: string
  readonly OTEL_EXPORTER_OTLP_HEADERS?: string
  readonly OTEL_TRACES_SAMPLER_ARG: number
}

/** Absent where no collector is configured. */
export function tracingOf(e: TracingValues): { readonly tracing?: TracingConfig } {
  const endpoint = e.OTEL_EXPORTER_OTLP_ENDPOINT
  if (endpoint === undefined) return {}
  const headers = headersOf(e.OTEL_EXPORTER_OTLP_HEADERS ?? '')
  return { tracing: { endpoint, headers, share: e.OTEL_TRACES_SAMPLER_ARG } }
}

function headersOf(list: string): Record<string, string> {
  const pairs = list.split(',').map((pair) => /^\s*([^=\s]+)\s*=\s*(.*?)\s*$/.exec(pair))
  return Object.fromEntries(
    pairs.flatMap((pair) => (pair ? [[pair[1] ?? '', decodeURIComponent(pair[2] ?? '')]] : [])),
  )
}
