import type { IncomingMessage } from 'node:http'

/** A message that has more bytes than its reader takes; the rest of them is not read. */
export class MessageTooLong extends Error {
  override readonly name = 'MessageTooLong'
}

/**
 * All bytes of a request, or of an answer of Node's own client, at most `most`. By their events: to iterate over a message
 * takes longer than all else that is read of one.
 *
 * @throws MessageTooLong; what the message says where it ends early
 */
export function readBytes(message: IncomingMessage, most: number): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    if (message.readableEnded) return resolve(Buffer.alloc(0))
    if (message.destroyed) return reject(new Error('the message was cut off'))
    const chunks: Buffer[] = []
    let length = 0
    const take = (chunk: Buffer) => {
      length += chunk.length
      chunks.push(chunk)
      if (length <= most) return
      message.off('data', take).pause()
      reject(new MessageTooLong())
    }
    const cutOff = () => reject(new Error('the message was cut off'))
    message.on('data', take)
    message.once('end', () => {
      // It closes after its end too, and an error that nobody waits for costs its stack.
      message.off('close', cutOff)
      resolve(Buffer.concat(chunks))
    })
    message.once('error', reject)
    message.once('close', cutOff)
  })
}
