import type { IncomingMessage } from 'node:http'
import { GatewayError } from '../outcome/errors.js'
import { formDecoder, recodeForm } from './charset.js'
import { isJsonObject, parseJson, scalarsOf } from './json-text.js'
import { MessageTooLong, readBytes } from './message-bytes.js'
import { addParameters, parseQueryString, type RawParameters } from './query-string.js'

/** Bytes; forms of the account APIs stay far below. */
export const mostBodyBytes = 256 * 1024

/**
 * Adds a request's body to its parameters: an urlencoded form, or the scalars of a JSON object by their JSON text
 * (passport.md §3). A body of any other type, or of none, is answered as the text it is, where `takesText` allows one,
 * and is no parameter; else one of no type is a form. Throws BODY_TOO_LARGE, BODY_TYPE, or PARAM_ERROR for what is not the JSON it claims to be.
 */
export async function readBody(
  request: IncomingMessage,
  into: RawParameters,
  takesText: () => boolean = refuseText,
): Promise<string | undefined> {
  const parsed = (request as { body?: unknown }).body
  const type = mediaType(request)
  const mayBeText = () => (type === '' || !isParameterType(type)) && takesText()
  // Some applications set an empty body on every request: it was read only if nothing of it is left.
  if (parsed !== undefined && request.readableEnded) {
    if (mayBeText()) return readParsedText(parsed)
    addParsedBody(parsed, type, into)
    return undefined
  }
  refuseEncoded(request)
  const bytes = await collect(request)
  if (bytes.length === 0) return undefined
  if (mayBeText()) return bytes.toString('utf8')
  if (type === 'application/json') addJson(bytes, into)
  else if (isParameterType(type)) parseQueryString(readForm(bytes, request), into)
  else
    throw new GatewayError('BODY_TYPE', {
      detail: 'body: application/x-www-form-urlencoded or application/json',
    })
  return undefined
}

/** Without the mark that Windows writes before UTF-8. */
function textOf(bytes: Buffer): string {
  const text = bytes.toString('utf8')
  return text.startsWith('\ufeff') ? text.slice(1) : text
}

/** JSON is UTF-8 whatever its type says (RFC 8259 §8.1); a form may be in another character set. */
function readForm(bytes: Buffer, { headers }: IncomingMessage): string {
  const decoder = formDecoder(headers['content-type'] ?? '')
  return decoder === undefined ? textOf(bytes) : recodeForm(bytes, decoder)
}

const refuseText = () => false

function isParameterType(type: string): boolean {
  return type === 'application/x-www-form-urlencoded' || type === 'application/json' || type === ''
}

function refuseEncoded({ headers }: IncomingMessage): void {
  if (headers['content-encoding'] !== undefined && headers['content-encoding'] !== 'identity')
    throw new GatewayError('BODY_TYPE', { detail: 'content-encoding: identity' })
}

function mediaType({ headers }: IncomingMessage): string {
  return (headers['content-type'] ?? '').split(';', 1)[0]?.trim().toLowerCase() ?? ''
}

async function collect(request: IncomingMessage): Promise<Buffer> {
  if (Number(request.headers['content-length'] ?? 0) > mostBodyBytes) throw tooLarge()
  try {
    return await readBytes(request, mostBodyBytes)
  } catch (error) {
    if (error instanceof MessageTooLong) throw tooLarge()
    throw new GatewayError('PARAM_ERROR', { detail: 'body: was cut off' })
  }
}

const tooLarge = () => new GatewayError('BODY_TOO_LARGE', { detail: `body: at most ${mostBodyBytes} bytes` })

/** Adds the scalars of a body that is a JSON object. Throws PARAM_ERROR for any other. */
export function addJson(bytes: Buffer, into: RawParameters): void {
  const value = parseJson(textOf(bytes), 'body')
  if (!isJsonObject(value)) throw new GatewayError('PARAM_ERROR', { detail: 'body: a JSON object' })
  addParameters(into, scalarsOf(value))
}

/** A body that somebody's own Express application has parsed before us. */
function addParsedBody(body: unknown, type: string, into: RawParameters): void {
  if (body === null || typeof body !== 'object') return
  const isForm = type !== 'application/json'
  addParameters(into, scalarsOf(isForm ? firstOfEach(body) : body))
}

/** The text that `express.text()` or `express.raw()` has read; other parsers leave none. */
function readParsedText(body: unknown): string | undefined {
  return typeof body === 'string' || Buffer.isBuffer(body) ? body.toString('utf8') : undefined
}

/** Form parsers make a list of a repeated name; the first value counts. */
function firstOfEach(form: object): object {
  return Object.fromEntries(
    Object.entries(form).map(([name, value]) => [name, Array.isArray(value) ? value[0] : value]),
  )
}
