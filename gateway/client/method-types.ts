import type { BatchAnswer, EventStreamAnswer, RawAnswer } from '../../schemas/contract-document.js'
import type { Contracts } from '../../schemas/contracts.js'
import type { PassportError } from './exchange.js'

/** The wire name of a method that answers an envelope; those of the console answer nobody else. */
export type PassportMethod = {
  [Name in Callable]: Contracts[Name]['result'] extends OtherAnswer ? never : Name
}[Callable]

type Callable = Exclude<keyof Contracts, `manage.console.${string}`>

type OtherAnswer = RawAnswer | EventStreamAnswer | BatchAnswer

/** What a method takes, besides the parameters every call may have. */
export type PassportParams<Name extends PassportMethod> = Contracts[Name]['given']

/** What a method answers as `data`. */
export type PassportResult<Name extends PassportMethod> = Contracts[Name]['result']

/** Whether none of the parameters must be given. */
type NeedsNothing<Params> = Partial<Params> extends Params ? true : false

/** The arguments of a call; parameters may be left out where a method needs none. */
export type CallArguments<Name extends PassportMethod, Options> =
  NeedsNothing<PassportParams<Name>> extends true
    ? [params?: PassportParams<Name>, options?: Options]
    : [params: PassportParams<Name>, options?: Options]

/** A call of a batch. */
export type PassportCall<Name extends PassportMethod> = {
  readonly method: Name
  /** Does the call once in 24 hours: see `PassportCallOptions`. */
  readonly idempotencyKey?: string
} & (NeedsNothing<PassportParams<Name>> extends true
  ? { readonly params?: PassportParams<Name> }
  : { readonly params: PassportParams<Name> })

/** The calls of a batch by the names of their methods. */
export type PassportCalls<Names extends readonly PassportMethod[]> = {
  readonly [At in keyof Names]: PassportCall<Names[At]>
}

/** What one call of a batch was answered. */
export type PassportAnswer<Name extends PassportMethod> =
  | { readonly ok: true; readonly data: PassportResult<Name> }
  | { readonly ok: false; readonly error: PassportError }

/** What the calls of a batch were answered, in their order. */
export type PassportAnswers<Names extends readonly PassportMethod[]> = {
  readonly [At in keyof Names]: PassportAnswer<Names[At]>
}
