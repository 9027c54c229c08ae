/** What a caller says of the trace that its call belongs to (W3C Trace Context §3.2). */
interface TraceParent {
  readonly traceId: string
  readonly spanId: string
  /** 1: the caller records the trace. */
  readonly flags: number
}

const form = /^(?!ff)([0-9a-f]{2})-(?!0{32})([0-9a-f]{32})-(?!0{16})([0-9a-f]{16})-([0-9a-f]{2})(-.*)?$/

/** Undefined for a header that is none, as the specification wants it ignored. */
export function readTraceparent(header: string | readonly string[] | undefined): TraceParent | undefined {
  if (typeof header !== 'string') return undefined
  const [, version, traceId, spanId, flags, more] = form.exec(header) ?? []
  if (traceId === undefined || spanId === undefined || flags === undefined) return undefined
  // Later versions may add something.
  if (version === '00' && more !== undefined) return undefined
  return { traceId, spanId, flags: Number.parseInt(flags, 16) & 1 }
}

/** In the form of version 00. */
export function writeTraceparent({ traceId, spanId, flags }: TraceParent): string {
  return `00-${traceId}-${spanId}-0${flags}`
}

/** Of a header in the form that `writeTraceparent` gives it. */
export function traceIdOf(traceparent: string): string {
  return traceparent.slice(3, 35)
}
