/** One call and its answer, without a value that belongs to a person: a line of a record. */
export interface RecordedCall {
  /** When it came in, in milliseconds since the record began. */
  readonly at: number
  /** Milliseconds from the call's last byte to the answer's. */
  readonly took: number
  /** The wire name; the path with its leading slash where there is none. */
  readonly method: string
  /** The application that it named; empty for none. */
  readonly app: string
  readonly verb: string
  /** Path and query as they were sent, but for what was replaced. */
  readonly url: string
  /** Those that matter, by lower-case name. */
  readonly headers: Readonly<Record<string, string>>
  readonly body?: RecordedBody
  /** Whose calls have to keep their order with this one: pseudonyms, and what is left of an address. */
  readonly owners: readonly string[]
  readonly answer: RecordedAnswer
}

/** What was sent or answered; of what is neither a form nor JSON only a keyed hash, by which equal ones are known. */
export type RecordedBody =
  | { readonly text: string }
  | { readonly hash: string; readonly bytes: number }
  | { readonly leftOut: 'too large' }

export interface RecordedAnswer {
  readonly status: number
  /** Those that matter, by lower-case name; `set-cookie` holds names alone. */
  readonly headers: Readonly<Record<string, string>>
  readonly body: RecordedBody
}

/** The first line of each file of a record. */
export interface RecordHead {
  readonly format: 'passport-gateway record'
  readonly version: 1
  /** Milliseconds since 1970. */
  readonly began: number
  /** Tells one key from another, and nothing of either. */
  readonly key: string
  /** Whether legacy signatures stand there as they were sent. */
  readonly keepsSignatures: boolean
}
