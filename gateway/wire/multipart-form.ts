import type { IncomingMessage } from 'node:http'
import { Busboy, type BusboyHeaders } from '@fastify/busboy'
import { GatewayError } from '../outcome/errors.js'
import { addParameters, type RawParameters } from './query-string.js'

/** What a form may hold beside its file; clients send a handful of short fields. */
const mostFields = 50
const mostFieldBytes = 16 * 1024

/** Forms that are read at the same time in this process: each may take a whole file's memory. */
const mostForms = 32

/** Whether a request's body is a form that may hold files. */
export function isMultipart({ headers }: IncomingMessage): boolean {
  return /^multipart\/form-data\s*;/i.test(headers['content-type'] ?? '')
}

/** Adds a form's fields to the parameters, and answers the file of the named field, if there is one. */
type ReadForm = (request: IncomingMessage, into: RawParameters, field: string) => Promise<Buffer | undefined>

/**
 * Reads multipart forms into memory, files up to `mostBytes`. Throws UPLOAD_FAILED for a larger file and what is no
 * form, PARAM_ERROR for one that was cut off, UNAVAILABLE while too many others are read.
 */
export function createFormReader(mostBytes: number): ReadForm {
  let forms = 0
  return async (request, into, field) => {
    // A parser of somebody's own Express application has read it.
    if (request.readableEnded) return undefined
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
  readonly field: string
  readonly mostBytes: number
}

async function readForm(
  request: IncomingMessage,
  into: RawParameters,
  { field, mostBytes }: Wanted,
): Promise<Buffer | undefined> {
  const parser = createParser(request, mostBytes)
  const fields: [string, string][] = []
  let chunks: Buffer[] | undefined
  await new Promise<void>((resolve, reject) => {
    const fail = (cause: unknown) => reject(new GatewayError('UPLOAD_FAILED', { detail: String(cause) }))
    parser.on('field', (name, value) => void fields.push([name, value]))
    parser.on('file', (name, stream) => {
      const isWanted = name === field && chunks === undefined
      const kept: Buffer[] = []
      if (isWanted) chunks = kept
      stream.on('data', (chunk: Buffer) => isWanted && kept.push(chunk))
      stream.on('limit', () => fail(`${field}: at most ${mostBytes} bytes`))
      stream.on('error', fail)
    })
    parser.on('finish', resolve)
    parser.on('error', fail)
    request.on('close', () => reject(new GatewayError('PARAM_ERROR', { detail: 'body: was cut off' })))
    request.pipe(parser)
  }).finally(() => request.unpipe(parser))
  addParameters(into, fields)
  return chunks && Buffer.concat(chunks)
}

function createParser(request: IncomingMessage, mostBytes: number) {
  const limits = { fields: mostFields, fieldSize: mostFieldBytes, files: 4, fileSize: mostBytes, parts: 60 }
  try {
    return new Busboy({ headers: request.headers as BusboyHeaders, limits })
  } catch (error) {
    throw new GatewayError('UPLOAD_FAILED', { detail: error instanceof Error ? error.message : 'body' })
  }
}
