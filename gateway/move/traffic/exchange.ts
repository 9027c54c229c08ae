/** A call as it went to the old server, and the answer as it came back. Bodies are whole, or undefined if too large. */
export interface Exchange {
  /** When the call came in, in milliseconds since 1970. */
  readonly at: number
  /** Milliseconds from the call's last byte to the answer's. */
  readonly took: number
  readonly client: string
  readonly verb: string
  readonly url: string
  /** Names and values in turn, as they were sent. */
  readonly headers: readonly string[]
  readonly body: Buffer | undefined
  readonly answer: {
    readonly status: number
    readonly headers: readonly string[]
    readonly body: Buffer | undefined
  }
}

/** Bytes of both, heads and bodies. */
export function bytesOf({ url, headers, body, answer }: Exchange): number {
  const bodies = (body?.length ?? 0) + (answer.body?.length ?? 0)
  return url.length + lengthOf(headers) + lengthOf(answer.headers) + bodies
}

const lengthOf = (texts: readonly string[]) => texts.reduce((sum, text) => sum + text.length, 0)

/** The exchange as another thread has it: buffers come over as plain arrays of bytes. */
export function withBuffers(exchange: Exchange): Exchange {
  const { body, answer } = exchange
  return { ...exchange, body: asBuffer(body), answer: { ...answer, body: asBuffer(answer.body) } }
}

function asBuffer(bytes: Uint8Array | undefined): Buffer | undefined {
  return bytes && Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}

/** The first value of a header, by its lower-case name. */
export function headerOf(headers: readonly string[], name: string): string | undefined {
  const at = headers.findIndex((text, place) => place % 2 === 0 && text.toLowerCase() === name)
  return at < 0 ? undefined : headers[at + 1]
}

/** All values of a header. */
export function headersOf(headers: readonly string[], name: string): string[] {
  return headers.flatMap((text, place) =>
    place % 2 === 0 && text.toLowerCase() === name ? [headers[place + 1] ?? ''] : [],
  )
}
