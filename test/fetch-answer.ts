import { Agent, type IncomingMessage, request } from 'node:http'

/** What a client got. */
export interface HttpAnswer {
  readonly status: number
  readonly headers: Headers
  readonly text: string
  /** The text as JSON; undefined when it is none. */
  readonly json: { code?: number; message?: string; data?: unknown; [key: string]: unknown } | undefined
}

const agent = new Agent({ keepAlive: true })

/**
 * Fetches without following redirects and reads the answer whole; of a stream, which has no end, only the head. What
 * tests mostly send goes by node:http, which takes a third of fetch's time; anything else goes by fetch itself.
 */
export async function fetchAnswer(url: string, init: RequestInit = {}): Promise<HttpAnswer> {
  const plain = plainRequest(init)
  const { status, headers, text } = plain ? await askPlainly(url, plain) : await askByFetch(url, init)
  return { status, headers, text, json: parseJson(text) }
}

interface PlainRequest {
  readonly method: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string | Uint8Array | undefined
}

/** Undefined for what only fetch can send. */
function plainRequest({
  method = 'GET',
  headers = {},
  body,
  ...others
}: RequestInit): PlainRequest | undefined {
  if (Object.keys(others).length > 0 || headers instanceof Headers || Array.isArray(headers)) return undefined
  const isForm = body instanceof URLSearchParams
  if (body && !isForm && typeof body !== 'string' && !(body instanceof Uint8Array)) return undefined
  const type = isForm ? 'application/x-www-form-urlencoded' : 'text/plain'
  const isTyped = Object.keys(headers).some((name) => name.toLowerCase() === 'content-type')
  const typed =
    body && !isTyped && !(body instanceof Uint8Array) ? { 'Content-Type': `${type};charset=UTF-8` } : {}
  return { method, headers: { ...headers, ...typed }, body: isForm ? body.toString() : (body ?? undefined) }
}

type Received = Pick<HttpAnswer, 'status' | 'headers' | 'text'>

function askPlainly(url: string, { method, headers, body }: PlainRequest): Promise<Received> {
  const length = body === undefined ? {} : { 'Content-Length': Buffer.byteLength(body) }
  return new Promise((resolve, reject) => {
    const sent = request(new URL(url), { method, headers: { ...headers, ...length }, agent }, (response) => {
      receive(response).then(resolve, reject)
    })
    sent.on('error', reject)
    sent.end(body)
  })
}

async function receive(response: IncomingMessage): Promise<Received> {
  const headers = new Headers()
  const { rawHeaders } = response
  for (let at = 0; at < rawHeaders.length; at += 2)
    headers.append(rawHeaders[at] ?? '', rawHeaders[at + 1] ?? '')
  const status = response.statusCode ?? 0
  if (isStream(headers)) {
    response.destroy()
    return { status, headers, text: '' }
  }
  const chunks: Buffer[] = []
  response.on('data', (chunk: Buffer) => chunks.push(chunk))
  await new Promise((resolve, reject) => response.on('end', resolve).on('error', reject))
  return { status, headers, text: new TextDecoder().decode(Buffer.concat(chunks)) }
}

async function askByFetch(url: string, init: RequestInit): Promise<Received> {
  const response = await fetch(url, { redirect: 'manual', ...init })
  const { status, headers } = response
  if (!isStream(headers)) return { status, headers, text: await response.text() }
  await response.body?.cancel()
  return { status, headers, text: '' }
}

function isStream(headers: Headers): boolean {
  return headers.get('content-type')?.startsWith('text/event-stream') ?? false
}

function parseJson(text: string): HttpAnswer['json'] {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
