import { type Attributes, type Span, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api'

/** The name under which all spans of ours are known. */
export const tracerName = 'passport-gateway'

/** What a span is of; attributes hold nothing that a caller chose. */
export interface SpanSubject {
  readonly name: string
  readonly kind?: SpanKind
  readonly attributes?: Attributes
}

/** Runs `work` in a span of OpenTelemetry, which tells nobody while no collector is configured. */
export function inSpan<T>(
  { name, kind = SpanKind.CLIENT, attributes = {} }: SpanSubject,
  work: () => Promise<T>,
): Promise<T> {
  return trace.getTracer(tracerName).startActiveSpan(name, { kind, attributes }, async (span) => {
    try {
      return await work()
    } catch (error) {
      markFailed(span, errorNameOf(error))
      throw error
    } finally {
      span.end()
    }
  })
}

/** Whether what is done now belongs to a span. */
export function isTraced(): boolean {
  return trace.getActiveSpan() !== undefined
}

export function markFailed(span: Span, error: string): void {
  span.setStatus({ code: SpanStatusCode.ERROR }).setAttribute('error.type', error)
}

/** Its key or code: a message may hold values. */
function errorNameOf(error: unknown): string {
  const { key, code, name }: Readonly<Record<'key' | 'code' | 'name', unknown>> = Object(error)
  return [key, code, name].find((part) => typeof part === 'string') ?? 'error'
}
