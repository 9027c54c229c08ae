/** Keeps the bytes of a body, up to a limit. */
export interface BodyCollector {
  add(bytes: Buffer): void
  /** All bytes; undefined where there were more than may be kept. */
  whole(): Buffer | undefined
}

export function collectBody(mostBytes: number): BodyCollector {
  let chunks: Buffer[] | undefined = []
  let length = 0
  return {
    add(bytes) {
      length += bytes.length
      if (length > mostBytes) chunks = undefined
      else chunks?.push(bytes)
    },
    whole: () => chunks && Buffer.concat(chunks),
  }
}
