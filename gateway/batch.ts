import type { BatchAnswer, BatchedCall } from '../schemas/contract-document.js'
import type { CompiledMethod, CompiledTable } from './contract/compile-table.js'
import type { Dialect, Dispatch, Incoming, RequestHead } from './dialects/dialect.js'
import { createGuard } from './http/guard.js'
import { type PerformBatch, report } from './http/serve.js'
import { GatewayError } from './outcome/errors.js'
import { asGatewayError } from './outcome/failures.js'
import type { ClientApp } from './services/apps/apps.js'
import type { Services } from './services/services.js'
import { admit } from './steps/verify-app.js'
import { emptyParameters } from './wire/query-string.js'

interface Parts {
  readonly table: CompiledTable
  readonly dispatch: Dispatch
  readonly services: Services
}

/** A batch whose signature was found to be good. */
interface Batch {
  readonly dialect: Dialect
  readonly incoming: Incoming
  /** Who signed it; undefined for an unsigned one, as calls of this machine are in development. */
  readonly signer: ClientApp | undefined
}

/**
 * Makes the calls of a batch one after the other, each by the whole way of a call of its own, and answers the list of
 * their envelopes. What stands in the way of one leaves the others alone.
 */
export function createBatch({ table, dispatch, services }: Parts): PerformBatch {
  const guard = createGuard(services)
  const perform = async (call: BatchedCall, at: number, batch: Batch): Promise<string> => {
    const started = performance.now()
    const incoming = readCall(call, at, batch)
    const outcome = await dispatch(admitCall(incoming, at, batch.signer))
    const answer = batch.dialect.write(outcome, undefined)
    report(incoming.head, outcome, answer, (performance.now() - started) / 1000, services)
    return answer.body
  }
  const admitCall = (incoming: Incoming, at: number, signer: ClientApp | undefined): Incoming => {
    const method = table.byName.get(incoming.method)
    try {
      // The request itself has passed as the first of its calls.
      if (at > 0) guard(incoming.head.ip)
      if (method) refuseUnfit(method, incoming)
      const app = method && signer && admit(signer, method, incoming.head.ip)
      return app ? { ...incoming, app } : incoming
    } catch (error) {
      return { ...incoming, refusal: asGatewayError(error) }
    }
  }
  return async ({ dialect, incoming, outcome }) => {
    refuseUnsafe(incoming, services)
    const isSigned = Boolean(incoming.params['client_secret'])
    const signer = isSigned ? services.apps.find(outcome.app ?? '') : undefined
    const bodies: string[] = []
    // `handle` of a method with `x-batch` answers nothing else.
    for (const [at, call] of (outcome.result as BatchAnswer).entries())
      bodies.push(await perform(call, at, { dialect, incoming, signer }))
    const whole = { ...outcome, result: bodies }
    return { outcome: whole, answer: dialect.write(whole, incoming) }
  }
}

/** The call as it would come by itself to `/gateway`, with the headers and the session of the batch. */
function readCall({ method, params, idempotencyKey }: BatchedCall, at: number, batch: Batch): Incoming {
  const { head: whole, token } = batch.incoming
  const { 'idempotency-key': _, ...headers } = whole.headers
  const head: RequestHead = {
    ...whole,
    path: '/gateway',
    requestId: `${whole.requestId}.${at}`,
    headers: idempotencyKey === undefined ? headers : { ...headers, 'idempotency-key': idempotencyKey },
  }
  const named = Object.assign(emptyParameters(), params, { method })
  const incoming = batch.dialect.read(head, { params: named, queryNames: [] })
  return { ...incoming, token: incoming.token ?? token }
}

/** Throws PARAM_ERROR for a call whose answer is no envelope, or that takes a file. */
function refuseUnfit({ answers, contract }: CompiledMethod, { callback }: Incoming): void {
  const isFit = answers === 'result' && contract.document['x-file'] === undefined && callback === undefined
  if (!isFit) throw new GatewayError('PARAM_ERROR', { detail: 'method: not in a batch' })
}

/**
 * The text of a legacy signature does not mark where a value ends, and can be sent again: one call of many that was cut
 * out or repeated is one too many. In a query the calls would stand in logs, passwords among them. Throws
 * SIGNATURE_INVALID, PARAM_ERROR.
 */
function refuseUnsafe({ params, queryNames }: Incoming, { apps }: Pick<Services, 'apps'>): void {
  const app = params['client_secret']
    ? apps.find(params['app_key'] || params['client_type'] || '')
    : undefined
  if (app?.scheme === 'legacy')
    throw new GatewayError('SIGNATURE_INVALID', { detail: 'batch: for applications of scheme hmac-sha256' })
  if (queryNames === undefined || queryNames.includes('calls'))
    throw new GatewayError('PARAM_ERROR', { detail: 'calls: belongs into the body of a POST' })
}
