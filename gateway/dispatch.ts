import { watchCall } from '../methods/rules/observation/watched-calls.js'
import type { CompiledTable } from './contract/compile-table.js'
import type { Dispatch, Outcome } from './dialects/dialect.js'
import { asGatewayError } from './outcome/failures.js'
import { type Ready, recover, whenReady } from './outcome/ready.js'
import type { Services } from './services/services.js'
import { admitVisitor } from './steps/admit-visitor.js'
import { checkResult } from './steps/check-result.js'
import { countCaller } from './steps/count-caller.js'
import { enforceLimit } from './steps/enforce-limit.js'
import { findMethodIn } from './steps/find-method.js'
import { handle, stopAtCheck } from './steps/handle.js'
import { type Arrival, beginPassage, type Passage, type Step } from './steps/passage.js'
import { proveUser } from './steps/guards/prove-user.js'
import { readParams } from './steps/read-params.js'
import { refreshToken } from './steps/refresh-token.js'
import { refuse } from './steps/refuse.js'
import { requireTrust } from './steps/guards/require-trust.js'
import { signIn } from './steps/sign-in.js'
import { watchQueryCredentials } from './steps/guards/watch-query-credentials.js'
import { verifyApp } from './steps/verify-app.js'

/** The way of every call, whatever dialect it came in: one named step after the other, each in its own file. */
export function createDispatch(table: CompiledTable, services: Services): Dispatch {
  const findMethod = findMethodIn(table)
  const { callWatches } = services
  const performing = [
    enforceLimit,
    requireTrust,
    ...(services.config.capture ? [stopAtCheck] : []),
    handle,
    checkResult,
    refreshToken,
  ]
  // Signing in comes before the parameters, so that a client knows to show its login.
  const ofCallers = [
    refuse,
    findMethod,
    verifyApp,
    countCaller,
    watchQueryCredentials,
    signIn,
    readParams,
    proveUser,
    ...performing,
  ]
  const ofVisitors = [refuse, findMethod, countCaller, admitVisitor, ...performing]

  return (incoming) => {
    const arrival = beginPassage(incoming)
    // `findMethod` gives it its method or throws, before any step that asks for one.
    const passage = arrival as Passage
    const steps = incoming.visitor ? ofVisitors : ofCallers
    if (callWatches.live !== undefined) return watched(arrival, () => perform(passage, steps))
    return perform(passage, steps)
  }

  function perform(passage: Passage, steps: readonly Step[]): Ready<Outcome> {
    return recover(
      () => travel(passage, steps, 0),
      (error) => fail(error, passage, services),
    )
  }

  /** Tells those who watch of a call when it has been answered. */
  function watched(arrival: Arrival, perform: () => Ready<Outcome>): Ready<Outcome> {
    const started = performance.now()
    return whenReady(perform(), (outcome) => {
      const milliseconds = performance.now() - started
      const error = outcome.ok ? undefined : outcome.error.key
      watchCall(services, callWatches.live ?? [], { ...arrival, error, milliseconds })
      return outcome
    })
  }

  /** Takes the steps from one on. Only where a step waits does the way wait. */
  function travel(passage: Passage, steps: readonly Step[], from: number): Ready<Outcome> {
    for (let at = from; at < steps.length && !passage.isAnswered; at++) {
      const waiting = steps[at]?.(passage, services)
      if (waiting instanceof Promise) return waiting.then(() => travel(passage, steps, at + 1))
    }
    return succeed(passage)
  }
}

function succeed({ method, app, result, freshToken, resultProblem }: Passage): Outcome {
  return { ok: true, method, app: app?.name, result, freshToken, resultProblem }
}

function fail(thrown: unknown, { incoming, method, app }: Arrival, { log }: Services): Outcome {
  const error = asGatewayError(thrown)
  if (error.cause !== undefined) {
    const { requestId, ip } = incoming.head
    log.error({ requestId, method: method?.name, app: app?.name, ip, error }, 'a call failed')
  }
  return { ok: false, method, app: app?.name, error }
}
