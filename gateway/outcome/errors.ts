import { catalogue, type CatalogueEntry, type ErrorName } from './catalogue.js'

interface ErrorOptions {
  /** For developers: names the parameter and what it wants. Never a value the caller sent, never a secret. */
  readonly detail?: string
  /** For customers: a Chinese sentence that names no parameter; the detail if absent. */
  readonly reason?: string
  /** Seconds until the same call may succeed. */
  readonly retryAfter?: number
  readonly cause?: unknown
}

/** The one error that handlers throw on purpose; the dialects turn its name into number and text. */
export class GatewayError extends Error {
  readonly key: ErrorName
  readonly detail: string | undefined
  readonly reason: string | undefined
  readonly retryAfter: number | undefined

  constructor(key: ErrorName, { detail, reason = detail, retryAfter, cause }: ErrorOptions = {}) {
    super(detail ? `${key}: ${detail}` : key, { cause })
    this.name = 'GatewayError'
    this.key = key
    this.detail = detail
    this.reason = reason
    this.retryAfter = retryAfter
  }

  get entry(): CatalogueEntry {
    return catalogue[this.key]
  }

  /** The text that a dialect answers this error with. */
  text(dialect: 'passport' | 'account'): string {
    const [, text] = this.entry[dialect]
    const described = this.detail === undefined ? '参数错误' : `参数错误：${this.detail}`
    return text.replace('{detail}', () => described).replace('{reason}', () => this.reason ?? '操作失败')
  }

  /** The HTTP status that a dialect answers this error with. */
  httpStatus(dialect: 'passport' | 'account'): number {
    const { http } = this.entry
    return typeof http === 'object' ? http[dialect] : (http ?? 200)
  }
}

/** Whether what was thrown is one of these errors of the catalogue. */
export function isError(error: unknown, ...keys: readonly ErrorName[]): error is GatewayError {
  return error instanceof GatewayError && keys.includes(error.key)
}
