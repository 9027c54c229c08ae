import type { IncomingMessage } from 'node:http'
import { Busboy, type BusboyHeaders } from '@fastify/busboy'
import { GatewayError } from '../outcome/errors.js'
import { addParameters, type RawParameters } from './query-string.js'
import { mostBodyBytes } from './request-body.js'

/** What a form may hold beside its file; clients send a handful of short fields. */
const mostFields = 50
const mostFieldBytes = 16 * 1024

/** Forms that are read at the same time in this process: each may take a whole file's memory. */
const mostForms = 32

/** Whether a request's body is a form that may hold files. */
export function isMultipart({ headers }: IncomingMessage): boolean {
  return /^multipart\/form-data\s*;/i.test(headers['content-type'] ?? '')
}

/**
 * Adds a form's fields to the parameters, and answers the file of the named field, if there is one. Where no field is
 * named, as of methods that take no file, the form is another way to write parameters (PHP's curl sends an array so).
 */
type ReadForm = (
  request: IncomingMessage,
  into: RawParameters,
  field: string | undefined,
) => Promise<Buffer | undefined>

/**
 * Reads multipart forms into memory, files up to `mostBytes`. Throws UPLOAD_FAILED for a larger file and what is no
 * form, PARAM_ERROR for one that was cut off, UNAVAILABLE while too many others are read; where no file is taken,
 * BODY_TYPE for a form with one, BODY_TOO_LARGE and PARAM_ERROR.
 */
export function createFormReader(mostBytes: number): ReadForm {
  let forms = 0
  return async (request, into, field) => {
    // Without a file it takes no more memory than another body.
    if (field === undefined) return readForm(request, into, { field, mostBytes })
    if (forms >= mostForms) throw new GatewayError('UNAVAILABLE')
    forms++
    try {
      return await readForm(request, into, { field, mostBytes })
    } finally {
      forms--
    }
  }
}

interface Wanted {
  readonly field: string | undefined
  readonly mostBytes: number
}

async function readForm(
  request: IncomingMessage,
  into: RawParameters,
  { field, mostBytes }: Wanted,
): Promise<Buffer | undefined> {
  const takesFile = field !== undefined
  const parser = createParser(request, { takesFile, mostBytes })
  const fields: [string, string][] = []
  let chunks: Buffer[] | undefined
  await new Promise<void>((resolve, reject) => {
    const fail = (cause: unknown) => reject(formError(takesFile, String(cause)))
    parser.on('field', (name, value, isNameCut, isValueCut) => {
      if (isNameCut || isValueCut) fail(`fields: at most ${mostFieldBytes} bytes`)
      fields.push([name, value])
    })
    parser.on('file', (name, stream) => {
      if (!takesFile) reject(new GatewayError('BODY_TYPE', { detail: 'body: fields without a file' }))
      const isWanted = name === field && chunks === undefined
      const kept: Buffer[] = []
      if (isWanted) chunks = kept
      stream.on('data', (chunk: Buffer) => isWanted && kept.push(chunk))
      stream.on('limit', () => fail(`${field}: at most ${mostBytes} bytes`))
      stream.on('error', fail)
    })
    for (const limit of ['fieldsLimit', 'partsLimit'] as const)
      parser.on(limit, () => fail(`body: at most ${mostFields} fields`))
    parser.on('finish', resolve)
    parser.on('error', fail)
    if (!takesFile) refuseLong(request, reject)
    request.on('close', () => reject(new GatewayError('PARAM_ERROR', { detail: 'body: was cut off' })))
    request.pipe(parser)
  }).finally(() => request.unpipe(parser))
  addParameters(into, fields)
  return chunks && Buffer.concat(chunks)
}

/** Its length may be told beforehand, or not. */
function refuseLong(request: IncomingMessage, refuse: (error: GatewayError) => void): void {
  let bytes = 0
  const count = (more: number) => {
    bytes += more
    if (bytes > mostBodyBytes)
      refuse(new GatewayError('BODY_TOO_LARGE', { detail: `body: at most ${mostBodyBytes} bytes` }))
  }
  if (Number(request.headers['content-length'] ?? 0) > mostBodyBytes) count(mostBodyBytes + 1)
  else request.on('data', (chunk: Buffer) => count(chunk.length))
}

function formError(takesFile: boolean, detail: string): GatewayError {
  return new GatewayError(takesFile ? 'UPLOAD_FAILED' : 'PARAM_ERROR', { detail })
}

function createParser(request: IncomingMessage, { takesFile, mostBytes }: Limits) {
  const limits = takesFile
    ? { fields: mostFields, fieldSize: mostFieldBytes, files: 4, fileSize: mostBytes, parts: 60 }
    : { fields: mostFields, fieldSize: mostFieldBytes, files: 1, fileSize: 0, parts: mostFields + 1 }
  try {
    return new Busboy({ headers: request.headers as BusboyHeaders, limits })
  } catch (error) {
    throw formError(takesFile, error instanceof Error ? error.message : 'body')
  }
}

interface Limits {
  readonly takesFile: boolean
  readonly mostBytes: number
}
