import type { CompiledMethod } from '../../../gateway/contract/compile-table.js'
import type { ErrorName } from '../../../gateway/outcome/catalogue.js'
import type { ClientApp } from '../../../gateway/services/apps/apps.js'
import { networkKey } from '../../../gateway/services/limits/limit-key.js'
import type { Services } from '../../../gateway/services/services.js'
import type { SignedIn } from '../../../gateway/services/sign-in/sessions.js'
import type { LiveWatch } from '../../../gateway/services/telemetry/call-watches.js'
import { defined } from '../../../gateway/wire/defined-fields.js'
import type { RawParameters } from '../../../gateway/wire/query-string.js'
import { maskNumber } from '../contacts/masks.js'

/** A call that has been answered, as the steps left it. */
export interface AnsweredCall {
  readonly incoming: {
    readonly params: RawParameters
    readonly head: { readonly ip: string; readonly requestId: string }
  }
  readonly method: CompiledMethod | undefined
  readonly app: ClientApp | undefined
  readonly session: SignedIn | undefined
  /** Undefined where it succeeded. */
  readonly error: ErrorName | undefined
  readonly milliseconds: number
}

/** What a watch shows of a call: nothing that is secret, and no number whole. */
export interface WatchedCall {
  readonly request_id: string
  readonly node: string
  readonly method: string
  readonly app: string
  readonly error: string
  readonly milliseconds: number
  readonly network: string
  readonly params: { name: string; length: number; shown?: string }[]
  /** Calls after this one that were too many to keep. */
  readonly skipped?: number
}

/** Parameters by which callers say which user is meant. */
const userIdNames = new Set(['uid', 'user_id', 'userid'])
/** Parameters whose values are shown: they tell what a client is and asks for, and open nothing. */
const shownNames = new Set(['client_type', 'app_key', 'app_version', 'sign_method', 'area', 'page', 'size'])
const mostParameters = 40
const mostShown = 32
/** No account, number or address is longer. */
const longestName = 200

/** Keeps a call for those who watch its application or user. Called only while somebody watches. */
export function watchCall(services: Services, watches: readonly LiveWatch[], call: AnsweredCall): void {
  // Watching would show itself.
  if (call.method?.name.startsWith('manage.console.')) return
  for (const watch of watches) {
    const isProved = isSurelyOf(watch, call)
    if (isProved || saysToBeOf(watch, call))
      services.callWatches.keep(watch, { isProved, content: describeCall(services, call) })
  }
}

/** Whether a call is of what is watched for certain: signed by the application, or of the user who is signed in. */
function isSurelyOf({ kind, subject }: LiveWatch, { app, session }: AnsweredCall): boolean {
  return kind === 'app' ? app?.name === subject : String(session?.userId) === subject
}

/** Who was refused is not known for certain; what the call says is what its sender must look at. */
function saysToBeOf(watch: LiveWatch, { app, incoming: { params } }: AnsweredCall): boolean {
  if (watch.kind === 'app')
    return app === undefined && (params['app_key'] || params['client_type']) === watch.subject
  return Object.entries(params).some(
    ([name, value]) =>
      (value === watch.subject && userIdNames.has(name.toLowerCase())) ||
      (value.length <= longestName && watch.names.has(value.trim().toLowerCase())),
  )
}

function describeCall(services: Services, call: AnsweredCall): WatchedCall {
  const { head, params } = call.incoming
  return {
    request_id: head.requestId,
    node: services.nodeMinutes.nodeName,
    method: call.method?.name ?? 'unknown',
    app: call.app?.name ?? '',
    error: call.error ?? '',
    milliseconds: Math.round(call.milliseconds * 10) / 10,
    network: networkKey(head.ip),
    params: Object.entries(params)
      .filter(([name, value]) => isSpeakable(name, value, call.method))
      .slice(0, mostParameters)
      .map(([name, value]) => ({
        name,
        length: value.length,
        ...defined({ shown: shownOf(name, value) }),
      })),
  }
}

/**
 * Whether a name may be shown: a declared one, or one that looks like a name and has a value. A password that was sent
 * in place of a name has none.
 */
function isSpeakable(name: string, value: string | undefined, method: CompiledMethod | undefined): boolean {
  const isDeclared = method?.contract.parameterNames.has(name) === true
  return isDeclared || (/^[a-z][\w.[\]-]{0,31}$/i.test(name) && Boolean(value))
}

function shownOf(name: string, value: string): string | undefined {
  const known = name.toLowerCase()
  if (userIdNames.has(known) && /^\d{1,10}$/.test(value)) return value
  if (/^(user_?)?mobile$/.test(known) && /^[\d+-]{6,20}$/.test(value)) return maskNumber(value)
  return shownNames.has(known) ? value.slice(0, mostShown) : undefined
}
