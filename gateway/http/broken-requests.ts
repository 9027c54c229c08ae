import type { Socket } from 'node:net'
import { GatewayError } from '../outcome/errors.js'

/** How long a refused client may take to read why, before its connection is cut. */
const lingerMilliseconds = 1000

/** Refuses what is no HTTP, too large or too slow: in JSON, as far as the socket still takes it. */
export function refuseBrokenRequest(error: Error & { code?: string }, socket: Socket): void {
  if (!socket.writable || error.code === 'ECONNRESET') return void socket.destroy()
  const [code, message] = new GatewayError('PARAM_ERROR').entry.passport
  const body = JSON.stringify({ code, message })
  const head = `Content-Type: application/json;charset=UTF-8\r\nContent-Length: ${Buffer.byteLength(body)}`
  socket.end(`HTTP/1.1 ${statusOf(error.code)}\r\n${head}\r\nConnection: close\r\n\r\n${body}`)
  // A client that neither sends nor hangs up would keep its connection for ever.
  setTimeout(() => socket.destroy(), lingerMilliseconds).unref()
}

function statusOf(code: string | undefined): string {
  if (code === 'HPE_HEADER_OVERFLOW') return '431 Request Header Fields Too Large'
  return code === 'ERR_HTTP_REQUEST_TIMEOUT' ? '408 Request Timeout' : '400 Bad Request'
}
