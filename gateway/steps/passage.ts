import type { CompiledMethod } from '../contract/compile-table.js'
import type { Incoming } from '../dialects/dialect.js'
import type { Ready } from '../outcome/ready.js'
import type { ClientApp } from '../services/apps/apps.js'
import type { Services } from '../services/services.js'
import type { SeenCall } from '../services/telemetry/callers.js'
import type { SignedIn } from '../services/sign-in/sessions.js'

/** A call on its way through the steps: what came in, and what each step finds out. */
export interface Passage {
  readonly incoming: Incoming
  /** Known to every step after `findMethod`. */
  method: CompiledMethod
  /** Undefined where none signed, and for visitors. */
  app: ClientApp | undefined
  /** How the application signed the call. */
  scheme: SeenCall['scheme']
  session: SignedIn | undefined
  /** Checked, and empty until then. */
  params: Readonly<Record<string, unknown>>
  result: unknown
  /** A token in place of the caller's, which has little life left. */
  freshToken: string | undefined
  /** In development: what is wrong with the result. */
  resultProblem: string | undefined
  /** Whether a step has answered for all that follow. */
  isAnswered: boolean
}

/** A passage whose method may not be found yet. */
export type Arrival = Omit<Passage, 'method'> & { method: CompiledMethod | undefined }

/** One step of the way. It throws what the caller is refused with, and returns a promise only where it waits. */
export type Step = (passage: Passage, services: Services) => Ready<void>

const noParams: Passage['params'] = Object.freeze({})

/** The passage of a call that just came in. It has every field from the start, so that all passages have one shape. */
export function beginPassage(incoming: Incoming): Arrival {
  return {
    incoming,
    method: undefined,
    app: undefined,
    scheme: 'none',
    session: undefined,
    params: noParams,
    result: undefined,
    freshToken: undefined,
    resultProblem: undefined,
    isAnswered: false,
  }
}

/** A call as those who call are counted. */
export function seenCallOf({
  method,
  app,
  scheme,
  incoming,
}: Readonly<Pick<Passage, 'method' | 'app' | 'scheme' | 'incoming'>>): SeenCall {
  const { params, head } = incoming
  return {
    app: app?.name ?? 'none',
    scheme,
    method: method.name,
    version: params['app_version'],
    ip: head.ip,
  }
}
