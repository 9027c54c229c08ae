import type { IncomingMessage } from 'node:http'
import { contractDocuments } from '../../../schemas/contracts.js'
import { methodInPath } from '../../dialects/method-path.js'
import { addJson } from '../../wire/request-body.js'
import { emptyParameters, parseQueryString, type RawParameters } from '../../wire/query-string.js'
import type { BodyHead } from '../proxy/call-body.js'
import { isForm } from '../traffic/call-parameters.js'
import { splitOnce } from '../traffic/split-once.js'

/** What a call's first line says of its method. */
export interface NamedCall {
  /** The wire name, not an alias; undefined where it may stand in the body. */
  readonly method: string | undefined
  readonly params: RawParameters
}

const names: ReadonlyMap<string, string> = new Map(
  Object.entries(contractDocuments)
    .filter(([name]) => !name.startsWith('manage.console.'))
    .flatMap(([name, document]) => [name, ...(document['x-aliases'] ?? [])].map((alias) => [alias, name])),
)

/** Reads a call's path and query; undefined for one that can't be a method's. */
export function readNamedCall({ url = '' }: IncomingMessage): NamedCall | undefined {
  const [path, query = ''] = splitOnce(url, '?')
  const params = readPairs(query)
  if (/^\/(?:front|manage)\//.test(path)) {
    const name = names.get(path.replace(/\/$/, '').slice(1).replaceAll('/', '.'))
    return name === undefined ? undefined : { method: name, params }
  }
  if (!/^\/(?:gateway(?:\/|$)|$)/.test(path)) return undefined
  const named = methodInPath(path) ?? params['method']
  if (named === undefined) return { method: undefined, params }
  const name = names.get(named)
  return name === undefined ? undefined : { method: name, params }
}

/** The method that the parameters of query and body name together. */
export function methodOf({ method, params }: NamedCall): string | undefined {
  return method ?? names.get(params['method'] ?? '')
}

/** Whether a call's body may hold parameters. */
export function mayHoldParameters({ headers }: IncomingMessage): boolean {
  const type = headers['content-type'] ?? ''
  return isForm(type) || /^(?:application\/json|multipart\/form-data)\b/i.test(type)
}

/** The call with what its body says; the query counts first (passport.md §1). */
export function withBody(call: NamedCall, { headers }: IncomingMessage, head: BodyHead): NamedCall {
  const type = headers['content-type'] ?? ''
  const params = Object.assign(emptyParameters(), call.params)
  const [, boundary] = /^multipart\/form-data\b.*?\bboundary="?([^";]+)/i.exec(type) ?? []
  if (boundary !== undefined) addFields(head.bytes.toString('utf8'), boundary, params)
  else if (/^application\/json\b/i.test(type)) addMembers(head.bytes, params)
  else readPairs(head.bytes.toString('utf8'), params)
  return { method: call.method, params }
}

/** What can't be read as parameters has none. */
function readPairs(text: string, into: RawParameters = emptyParameters()): RawParameters {
  try {
    return parseQueryString(text, into)
  } catch {
    return into
  }
}

/** One that is cut off can't be read either. */
function addMembers(bytes: Buffer, into: RawParameters): void {
  try {
    addJson(bytes, into)
  } catch {
    // The server that gets it says so.
  }
}

function addFields(text: string, boundary: string, into: RawParameters): void {
  // What stands behind the last boundary may be cut off.
  for (const part of text.split(`--${boundary}`).slice(1, -1)) {
    const [head, value] = splitOnce(part, '\r\n\r\n')
    const [, name] = /^content-disposition:[^\r\n]*;\s*name="([^"]*)"/im.exec(head) ?? []
    if (name === undefined || value === undefined || /;\s*filename=/i.test(head)) continue
    into[name] ??= value.replace(/\r\n$/, '')
  }
}
