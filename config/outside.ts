import type { Environment } from './schema.js'

/** That nothing leaves the server, and who may read what would have left. */
export interface CaptureConfig {
  /** Who holds one of them may read it; none: this machine alone. */
  readonly tokens: readonly string[]
}

/** Whether what would leave the server is captured instead. */
export function isCaptured({ OUTSIDE: outside }: Pick<Environment, 'OUTSIDE'>): boolean {
  return outside !== 'open'
}

/** Absent where everything is sent. */
export function captureOf(e: Environment): { readonly capture?: CaptureConfig } {
  return isCaptured(e) ? { capture: { tokens: [...(e.OUTSIDE_TOKEN ?? [])] } } : {}
}

/**
 * The environment without the vendors of texts, the mail server and the collector of traces, where all is captured: what
 * is not configured is not reached. WeChat's ways stay, as methods depend on them; what they would ask is captured.
 */
export function withoutVendors(e: Environment): Environment {
  if (!isCaptured(e)) return e
  const { SMTP_URL: _mail, OTEL_EXPORTER_OTLP_ENDPOINT: _traces, ...rest } = e
  return { ...rest, SMS_PROVIDER: ['outbox'] }
}
