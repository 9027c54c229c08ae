/** Bytes. All that vendors have to say is far shorter. */
const most = 64 * 1024

/** A response of `fetch`. */
interface Body {
  readonly body: AsyncIterable<Uint8Array> | null
}

/**
 * The text of a vendor's answer; one of more than 64 KiB is cut off before it fills the memory. Throws for such a one,
 * and whatever reading it throws.
 */
export async function readAnswerText({ body }: Body): Promise<string> {
  const chunks: Uint8Array[] = []
  let length = 0
  // Leaving the loop closes the connection. What was sent packed is unpacked already.
  for await (const chunk of body ?? []) {
    length += chunk.length
    if (length > most) throw new Error('an answer too long', { cause: { code: 'ANSWER_TOO_LONG' } })
    chunks.push(chunk)
  }
  return new TextDecoder().decode(Buffer.concat(chunks))
}
