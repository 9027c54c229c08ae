import type { IncomingHttpHeaders } from 'node:http'
import type { CompiledMethod } from '../contract/compile-table.js'
import type { GatewayError } from '../outcome/errors.js'
import type { Ready } from '../outcome/ready.js'
import type { RawParameters } from '../wire/query-string.js'
import type { ClientApp } from '../services/apps/apps.js'
import type { ConsoleCaller } from '../services/sign-in/console-caller.js'

/** What the edge knows of an HTTP request before its body is read. */
export interface RequestHead {
  readonly verb: string
  readonly path: string
  readonly headers: IncomingHttpHeaders
  readonly ip: string
  readonly requestId: string
  /** The trace that the call belongs to, where the caller named one or a collector is configured (W3C Trace Context). */
  readonly traceparent?: string | undefined
  /** Whether it comes from this very machine, no proxy and no foreign web page in between. */
  readonly isLocal: boolean
}

/** A visitor of a page, who can't sign and calls by JSONP with a session cookie (passport.md §5). */
export interface Visitor {
  readonly uid: string
  readonly token: string
  readonly refererHost: string | undefined
}

/** What a request says: query and body merged, the query first. */
export interface RequestInput {
  readonly params: RawParameters
  /** The names of the query's parameters where there is a body too; absent: all are of the query. */
  readonly queryNames?: readonly string[]
  /** A body that is neither form nor JSON, for a method that takes one. */
  readonly body?: string | undefined
  /** The file of a multipart form, for a method that takes one. */
  readonly file?: Buffer | undefined
}

/** A call in no dialect: what dispatch works on. */
export interface Incoming {
  readonly head: RequestHead
  /** The wire name, not yet looked up. */
  readonly method: string
  readonly params: RawParameters
  /** As of `RequestInput`. */
  readonly queryNames?: readonly string[] | undefined
  /** The caller's session token wherever the dialect found one. */
  readonly token: string | undefined
  /** A body that is no parameters, for contracts with `x-text-body`. */
  readonly body?: string | undefined
  /** The file of a multipart form, for contracts with `x-file`. */
  readonly file?: Buffer | undefined
  readonly visitor?: Visitor
  /** JSONP callback, checked. */
  readonly callback?: string
  /** Established already: the hosted pages call methods in the name of the server itself. */
  readonly app?: ClientApp
  /** Established already: whose session of the console the call comes from. */
  readonly console?: ConsoleCaller
  /** Found by the dialect already: the path or verb fits no method. */
  readonly refusal?: GatewayError
}

/** What dispatch made of a call. `method` is undefined when none was found. */
export type Outcome = { readonly method: CompiledMethod | undefined; readonly app?: string | undefined } & (
  | {
      readonly ok: true
      readonly method: CompiledMethod
      readonly result: unknown
      /** A token in place of the caller's, which has little life left. */
      readonly freshToken?: string | undefined
      /** In development: what is wrong with the result. */
      readonly resultProblem?: string | undefined
    }
  | { readonly ok: false; readonly error: GatewayError }
)

/** Never throws: what goes wrong is an outcome too. */
export type Dispatch = (incoming: Incoming) => Ready<Outcome>

/** Header names and values in turn, as node:http writes them without another look. */
export type HeaderList = readonly string[]

/** An answer ready for the socket. */
export interface Answer {
  readonly status: number
  readonly headers: HeaderList
  readonly body: string | Buffer
  /** The number in the envelope, for log and metrics. */
  readonly code: number
}

/** An envelope: a text. */
export interface WrittenAnswer extends Answer {
  readonly body: string
}

/** The only code that knows an envelope. */
export interface Dialect {
  readonly name: 'passport' | 'account'
  /** Whether anything is behind the path: where nothing is, it does not matter what the body was. */
  knowsPath(head: RequestHead): boolean
  /** Whether the method that is called takes a body that is neither form nor JSON. */
  takesText(head: RequestHead, query: RawParameters): boolean
  /** The form field whose file the called method takes, if it takes one. */
  fileField(head: RequestHead, query: RawParameters): string | undefined
  read(head: RequestHead, input: RequestInput): Incoming
  write(outcome: Outcome, incoming: Pick<Incoming, 'callback'> | undefined): WrittenAnswer
}
