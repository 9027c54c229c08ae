import type { Auth, Call, MethodName } from '../contract/method.js'
import { GatewayError } from '../outcome/errors.js'
import { type Ready, whenReady } from '../outcome/ready.js'
import type { Services } from '../services/services.js'
import { findCookie } from '../wire/cookies.js'
import { handleOnce } from './handle-once.js'
import type { Passage } from './passage.js'

/**
 * Runs the method's handler; with an `Idempotency-Key` once for all calls that have the same. Throws what the handler
 * throws, and what `handleOnce` does.
 */
export function handle(passage: Passage, services: Services): Ready<void> {
  const key = passage.incoming.head.headers['idempotency-key']
  const result =
    key === undefined || passage.method.isSafe
      ? runHandler(passage, services)
      : handleOnce(passage, services, (services) => runHandler(passage, services))
  return whenReady(result, (result) => {
    passage.result = result
  })
}

/**
 * On a captured server: ends a call that is only to be checked (`X-Shadow: check`) before anything is written. Signature,
 * session, parameters, rights and limits have been looked at; calls that change nothing are answered as ever. Throws
 * CHECKED_ONLY.
 */
export function stopAtCheck({ method, incoming }: Passage): void {
  if (incoming.head.headers['x-shadow'] === 'check' && !method.isSafe) throw new GatewayError('CHECKED_ONLY')
}

function runHandler(passage: Passage, services: Services): Ready<unknown> {
  const { method, params, app, session, incoming } = passage
  const { head, console } = incoming
  const { ip, requestId } = head
  const call = { action: method.name, params, app, session, console, ip, requestId }
  if (method.takesMore) Object.assign(call, moreOf(passage))
  return method.handle(call, services)
}

type More = Pick<Call<MethodName, Auth>, 'raw' | 'cookie' | 'body' | 'file' | 'lastEventId'>

/** What a contract asks to be told of a call beyond its parameters. */
function moreOf({ method, incoming }: Passage): More {
  const { document } = method.contract
  const { params, body, file, head } = incoming
  const cookie = document['x-cookie']
  const lastEventId = head.headers['last-event-id']
  return {
    ...(document['x-list'] === true && { raw: params }),
    ...(cookie !== undefined && { cookie: findCookie(head.headers.cookie ?? '', cookie) }),
    ...(document['x-text-body'] === true && { body }),
    ...(document['x-file'] !== undefined && { file }),
    ...(document['x-stream'] === true && typeof lastEventId === 'string' && { lastEventId }),
  }
}
