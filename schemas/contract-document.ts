import { readdirSync, readFileSync } from 'node:fs'
import { join, relative, sep } from 'node:path'

/** A JSON Schema as our contracts use it: the keywords the code itself reads, ajv knows the others. */
export interface JsonSchema {
  readonly $ref?: string
  readonly type?: string | readonly string[]
  readonly description?: string
  readonly default?: unknown
  readonly properties?: Readonly<Record<string, JsonSchema>>
  readonly required?: readonly string[]
  readonly items?: JsonSchema
  readonly anyOf?: readonly JsonSchema[]
  readonly enum?: readonly unknown[]
  readonly minimum?: number
  readonly maximum?: number
  readonly minLength?: number
  readonly maxLength?: number
  readonly pattern?: string
  /** `date` and `date-time`: read in any of the forms of account.md §3, handed on as that section writes them. */
  readonly format?: string
  readonly examples?: readonly unknown[]
  /** Of a parameter: on its way out. Who still sends it is counted (`cli callers`). */
  readonly deprecated?: boolean
  /** Name of the catalogue's error when a required parameter is missing; PARAM_ERROR if absent. */
  readonly 'x-missing'?: string
  /** Name of the catalogue's error when a parameter's value does not fit; PARAM_ERROR if absent. */
  readonly 'x-invalid'?: string
  /**
   * What customers call a text of a form, in Chinese: one that is missing or does not fit is FIELD_REFUSED with a
   * sentence that names it so (account-beside.md §5), where no other error is named.
   */
  readonly 'x-label'?: string
}

/** One method's contract: `properties` are its parameters in check order, `$defs.result` is its answer. */
export interface ContractDocument extends JsonSchema {
  readonly $id: string
  /** What the method does in two or three words, in Chinese as in the wire pages, and in English. */
  readonly title: string
  readonly 'x-title-en'?: string
  readonly properties: Readonly<Record<string, JsonSchema>>
  readonly required: readonly string[]
  readonly $defs?: { readonly result?: JsonSchema }
  /** Parameters of a call to try; absent: the first example of each required parameter. */
  readonly examples?: readonly Readonly<Record<string, unknown>>[]
  /** Name of the error that this call is answered with, as what must happen before it is no part of it. */
  readonly 'x-example-error'?: string
  /** Other wire names of the method. */
  readonly 'x-aliases'?: readonly string[]
  /** HTTP verbs of the REST path, for `front.*` and `manage.*`. */
  readonly 'x-verbs'?: readonly string[]
  /** Calling it changes nothing (RFC 9110 §9.2.1): `Idempotency-Key` is for methods that do not say so. */
  readonly 'x-safe'?: boolean
  /** The method answers a body of its own, of this media type, instead of an envelope. */
  readonly 'x-raw'?: string
  /** The method's result is the calls of a batch; the answer is the list of their envelopes. */
  readonly 'x-batch'?: boolean
  /** The method answers events that go on (Server-Sent Events) instead of an envelope. */
  readonly 'x-stream'?: boolean
  /** The method may answer a RawAnswer, such as a redirect, in place of its result. */
  readonly 'x-redirect'?: boolean
  /** The result is a text and stands in the account envelope's `msg` too (account.md §5: getInvoiceTips). */
  readonly 'x-message'?: boolean
  /** A list (account.md §3): its handler also gets the raw parameters, for `order[n].sidx` and `like[n].column`. */
  readonly 'x-list'?: boolean
  /** Name of a cookie that the handler is given as `cookie`. */
  readonly 'x-cookie'?: string
  /** A body that is neither form nor JSON is read and handed to the handler as `body`; else it is refused. */
  readonly 'x-text-body'?: boolean
  /** The field of a multipart form whose file the handler is given as `file`; bounded by UPLOAD_MEGABYTES. */
  readonly 'x-file'?: string
  /** The answer is the same for everybody, and caches may keep it for so many seconds. */
  readonly 'x-max-age'?: number
  /** Whether the answer may be asked for as JSONP. */
  readonly 'x-jsonp'?: boolean
  /** The method is on its way out. */
  readonly 'x-deprecated'?: Deprecation
}

/** What callers are told of a method that is on its way out. Days are `2027-06-30`, and begin in UTC. */
export interface Deprecation {
  /** The day from which on nobody is to begin using it (RFC 9745). */
  readonly since: string
  /** The day on which it may stop answering (RFC 8594); absent: not decided. */
  readonly sunset?: string
  /** The method to call instead. */
  readonly instead?: string
}

/** Parameters as callers give them: those with a default may be left out. */
export type Given<Params, Defaulted extends keyof Params> = Omit<Params, Defaulted> &
  Partial<Pick<Params, Defaulted>>

/** What every list takes besides: the order of its rows, and texts that columns contain (account.md §3). */
export interface ListOrder {
  readonly [name: `order[${number}].${'sidx' | 'sort'}`]: string | undefined
  readonly [name: `like[${number}].${'column' | 'like'}`]: string | undefined
}

/** What a method with `x-raw` answers, and one with `x-redirect` may. */
export interface RawAnswer {
  readonly status: number
  /** Names and values in turn; `Content-Length` and what every answer has are added. */
  readonly headers: readonly string[]
  readonly body: string | Buffer
}

/** What a method with `x-batch` answers: the calls in their order, 1 to 20. */
export type BatchAnswer = readonly BatchedCall[]

/** A call of a batch, as it would be sent by itself but for its signature. */
export interface BatchedCall {
  readonly method: string
  readonly params: Readonly<Record<string, string>>
  readonly idempotencyKey?: string
}

/** What a method with `x-stream` answers. */
export interface EventStreamAnswer {
  /** Whose stream it is: it ends when this session does. */
  readonly session: { readonly userId: number; readonly tokenId: string; readonly expiresAt: number }
  /** Called when the head of the answer is out; writes events until the stream has ended, and then returns. */
  run(stream: EventWriter): Promise<void>
}

/** The client's end of a stream. */
export interface EventWriter {
  /** Aborted when the stream has ended, whoever ended it. */
  readonly ended: AbortSignal
  /** Writes whole events, and waits while the client reads slower than they come. Does nothing after the end. */
  write(events: string): Promise<void>
}

/** Whether what a method with `x-redirect` answered is no result. */
export function isRawAnswer(answer: unknown): answer is RawAnswer {
  return typeof answer === 'object' && answer !== null && 'headers' in answer
}

type Definitions = Readonly<Record<string, JsonSchema>>

/** What stands before a shared definition's name in a `$ref`. */
export const definitionPrefix = 'defs.json#/$defs/'

/** Names of all contracts below a folder of schemas, sorted: `web/passport/sendcode.json` is `web.passport.sendcode`. */
export function listContractNames(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.json') && entry.name !== 'defs.json')
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)).slice(0, -'.json'.length))
    .map((path) => path.split(sep).join('.'))
    .sort()
}

/** Reads a JSON file of schemas. Throws with the file's name when it is not JSON. */
export function readSchemaFile(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, 'utf8'))
  } catch (error) {
    throw new Error(`${path}: ${error instanceof Error ? error.message : String(error)}`, { cause: error })
  }
}

/**
 * The document with every reference to a shared definition replaced by that definition, so that readers and
 * compilers see one plain schema. Throws when a reference names nothing.
 */
export function inlineDefinitions<T extends JsonSchema>(schema: T, definitions: Definitions): T {
  return inline(schema, definitions) as T
}

function inline(node: unknown, definitions: Definitions): unknown {
  if (Array.isArray(node)) return node.map((item) => inline(item, definitions))
  if (node === null || typeof node !== 'object') return node
  if ('$ref' in node && typeof node.$ref === 'string') {
    const target = definitions[node.$ref.slice(definitionPrefix.length)]
    if (!node.$ref.startsWith(definitionPrefix) || !target)
      throw new Error(`no shared definition ${node.$ref}`)
    const { $ref: _, ...own } = node
    return inline({ ...target, ...own }, definitions)
  }
  return Object.fromEntries(Object.entries(node).map(([key, value]) => [key, inline(value, definitions)]))
}
