import type { ClientRequest, IncomingMessage, ServerResponse } from 'node:http'

/** What was read of a call's body before it was sent on. */
export interface BodyHead {
  readonly bytes: Buffer
  /** Whether that is all of it. */
  readonly isWhole: boolean
}

/** Whether a call says that it has a body. */
export function hasBody({ headers }: IncomingMessage): boolean {
  return headers['content-length'] !== undefined || headers['transfer-encoding'] !== undefined
}

/**
 * Reads the head of a call's body, up to about so many bytes, or all of it where it is shorter; the rest waits. A client
 * that asks whether to go on is told so. Of a client that leaves it is what came.
 */
export function readBodyHead(
  call: IncomingMessage,
  answer: ServerResponse,
  mostBytes: number,
): Promise<BodyHead> {
  if (!hasBody(call)) return Promise.resolve({ bytes: Buffer.alloc(0), isWhole: true })
  if (/^100-continue$/i.test(call.headers.expect ?? '')) answer.writeContinue()
  return new Promise((resolve) => {
    const chunks: Buffer[] = []
    let length = 0
    const finish = (isWhole: boolean) => {
      call.off('data', add).off('end', end).off('close', leave).off('error', leave)
      resolve({ bytes: Buffer.concat(chunks), isWhole })
    }
    const add = (bytes: Buffer) => {
      chunks.push(bytes)
      length += bytes.length
      if (length < mostBytes) return
      call.pause()
      finish(false)
    }
    const end = () => finish(true)
    const leave = () => finish(false)
    call.on('data', add).on('end', end).on('close', leave).on('error', leave)
  })
}

/** Told of a body's bytes on their way. */
export interface BodyWatcher {
  called(bytes: Buffer): void
  asked(): void
}

/** Sends a call's body on: what was read of it, and what comes. */
export function sendBody(
  call: IncomingMessage,
  asked: ClientRequest,
  { head, watcher }: { readonly head: BodyHead | undefined; readonly watcher: BodyWatcher | undefined },
): void {
  const end = () => {
    watcher?.asked()
    asked.end()
  }
  if (head !== undefined && head.bytes.length > 0) {
    watcher?.called(head.bytes)
    asked.write(head.bytes)
  }
  if (head?.isWhole) return end()
  // A client that expects to be told to go on sends nothing before the upstream has said so.
  if (call.headers.expect !== undefined) asked.flushHeaders()
  call.on('data', (bytes: Buffer) => {
    watcher?.called(bytes)
    if (!asked.write(bytes)) {
      call.pause()
      asked.once('drain', () => call.resume())
    }
  })
  call.on('end', end)
  call.on('error', () => asked.destroy())
  if (head !== undefined) call.resume()
}
