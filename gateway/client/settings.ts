export interface PassportClientSettings {
  /** The gateway's address without `/gateway`. */
  readonly baseUrl: string
  /** The name the application is registered under, sent as `client_type`. */
  readonly app: string
  readonly secret: string
  /** The scheme the application is registered with. */
  readonly scheme: 'legacy' | 'hmac-sha256'
  /** For the whole call, in milliseconds; 10000 if absent. */
  readonly timeoutMs?: number
  /** The gateway's PASSPORT_SALT: answers whose checksum is missing or wrong are refused. */
  readonly salt?: string
  /** Parameters of every call, such as `app_version`. */
  readonly common?: Readonly<Record<string, string>>
  /** Headers of every call. */
  readonly headers?: Readonly<Record<string, string>>
  /** Used in place of the global one. */
  readonly fetch?: typeof fetch
}

export interface PassportCallOptions {
  /** POST if absent: it keeps the parameters out of the access logs of proxies. */
  readonly verb?: 'GET' | 'POST'
  /** The token of a user's session, for methods that need one. */
  readonly session?: string
  /**
   * Does the call once in 24 hours, however often it is sent with this key and these parameters: 8 to 64 letters,
   * digits, `_`, `.`, `:` and `-`, such as a UUID. A call that was not answered can so be sent again.
   */
  readonly idempotencyKey?: string
  /** Headers of this call, such as `X-Real-IP` with the visitor's address. */
  readonly headers?: Readonly<Record<string, string>>
  readonly signal?: AbortSignal
}

/** Options of a batch: its calls have their own keys. */
export type PassportBatchOptions = Omit<PassportCallOptions, 'verb' | 'idempotencyKey'>
