import { randomBytes } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import type { ClientAddress } from './client-address.js'
import type { Dialect, RequestHead, RequestInput } from '../dialects/dialect.js'
import { isLocalCall } from './local-call.js'
import { parseQueryString } from '../wire/query-string.js'
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
      return {
        verb: request.method ?? 'GET',
        path: pathOf(request.url ?? '/'),
        headers: request.headers,
        ip: clientAddress(request),
        requestId: typeof given === 'string' && callerRequestId.test(given) ? given : nextId(),
        isLocal: looksForLocal && isLocalCall(request),
      }
    },
    readInput(request, head, dialect) {
      const params = parseQueryString(queryOf(request.url ?? ''))
      if (head.verb === 'GET' || head.verb === 'HEAD') return { params }
      const queryNames = Object.keys(params)
      const field = dialect.fileField(head, params)
      if (field !== undefined && isMultipart(request))
        return readForm(request, params, field).then((file) => ({ params, queryNames, file }))
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

/** The path of a request target, without query. */
export function pathOf(target: string): string {
  const query = target.indexOf('?')
  return query < 0 ? target : target.slice(0, query)
}

function queryOf(target: string): string {
  const query = target.indexOf('?')
  return query < 0 ? '' : target.slice(query + 1)
}

/** Unique over processes and restarts by its random start, and cheap per request. */
function createIdSequence(): () => string {
  const start = randomBytes(6).toString('hex')
  let count = 0
  return () => `${start}-${(count++).toString(36)}`
}
