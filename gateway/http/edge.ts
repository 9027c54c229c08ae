import { randomBytes } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import type { ClientAddress } from './client-address.js'
import type { Dialect, RequestHead, RequestInput } from '../dialects/dialect.js'
import { isLocalCall } from './local-call.js'
import { parseQueryString } from '../wire/query-string.js'
import { readTraceparent, writeTraceparent } from '../wire/traceparent.js'
import type { Ready } from '../outcome/ready.js'
import { createFormReader, isMultipart } from '../wire/multipart-form.js'
import { readBody } from '../wire/request-body.js'

const callerRequestId = /^[\w.-]{8,64}$/

/** Reads requests into the form that dialects take; made once per gateway. */
export interface Edge {
  readHead(request: IncomingMessage): RequestHead
  /** The dialect knows whether the call takes a body as text. Throws a GatewayError for what can't be read. */
  readInput(
    request: IncomingMessage,
    head: RequestHead,
    dialect: Pick<Dialect, 'takesText' | 'fileField'>,
  ): Ready<RequestInput>
}

interface EdgeSettings {
  /** Whether anything depends on a call being local; where nothing does, none counts as such. */
  readonly looksForLocal?: boolean
  /** Bytes of a file. */
  readonly mostFileBytes?: number
}

export function createEdge(
  clientAddress: ClientAddress,
  { looksForLocal = true, mostFileBytes = 0 }: EdgeSettings = {},
): Edge {
  const nextId = createIdSequence()
  const readForm = createFormReader(mostFileBytes)
  return {
    readHead(request) {
      const given = request.headers['x-request-id']
      const parent = request.headers['traceparent']
      return {
        verb: request.method ?? 'GET',
        path: pathOf(request.url ?? '/'),
        headers: request.headers,
        ip: clientAddress(request),
        requestId: typeof given === 'string' && callerRequestId.test(given) ? given : nextId(),
        traceparent: parent === undefined ? undefined : givenTrace(parent),
        isLocal: looksForLocal && isLocalCall(request),
      }
    },
    readInput(request, head, dialect) {
      const params = parseQueryString(queryOf(request.url ?? ''))
      if (head.verb === 'GET' || head.verb === 'HEAD') return { params }
      const queryNames = Object.keys(params)
      // One that a parser of somebody's own Express application has read is taken as that left it.
      if (isMultipart(request) && !request.readableEnded)
        return readForm(request, params, dialect.fileField(head, params)).then((file) => ({
          params,
          queryNames,
          file,
        }))
      const takesText = () => dialect.takesText(head, params)
      return readBody(request, params, takesText).then((text) => ({
        params,
        queryNames,
        // So that a method which takes a text tells a body without one from no body.
        body: text ?? (takesText() ? '' : undefined),
      }))
    },
  }
}

/**
 * The path of a request target, without query. Of `http://host/path`, as proxies are asked (RFC 9112 §3.2.2), the path
 * alone; of slashes at its begin, as where a base that ends in one was joined with a path, one.
 */
export function pathOf(target: string): string {
  const query = target.indexOf('?')
  const path = query < 0 ? target : target.slice(0, query)
  return path.startsWith('/') && !path.startsWith('//') ? path : plainPath(path)
}

function plainPath(path: string): string {
  const own = path.replace(/^https?:\/\/[^/]*/i, '').replace(/^\/{2,}/, '/')
  return own === '' ? '/' : own
}

/** A request target as `pathOf` reads it, its query kept. */
export function plainTarget(target: string): string {
  const query = target.indexOf('?')
  return query < 0 ? pathOf(target) : pathOf(target) + target.slice(query)
}

/** Characters of a path that stand in the log: callers write what they like, and every byte is kept. */
const longestShownPath = 200

/** A path as it stands in the log. */
export function shownPath(path: string): string {
  return path.length <= longestShownPath ? path : `${path.slice(0, longestShownPath)}…`
}

function queryOf(target: string): string {
  const query = target.indexOf('?')
  return query < 0 ? '' : target.slice(query + 1)
}

/** The caller's own, unless it is none. */
function givenTrace(header: string | readonly string[]): string | undefined {
  const parent = readTraceparent(header)
  return parent && writeTraceparent(parent)
}

/** Unique over processes and restarts by its random start, and cheap per request. */
function createIdSequence(): () => string {
  const start = randomBytes(6).toString('hex')
  let count = 0
  return () => `${start}-${(count++).toString(36)}`
}
