import type { Contracts } from '../../schemas/contracts.js'
import type { Ready } from '../outcome/ready.js'
import type { ClientApp } from '../services/apps/apps.js'
import type { CallLimit } from '../services/limits/limiter.js'
import type { Services } from '../services/services.js'
import type { ConsoleCaller } from '../services/sign-in/console-caller.js'
import type { SignedIn } from '../services/sign-in/sessions.js'

export type MethodName = keyof Contracts

/**
 * Who may call a method: `app` a signed, granted client application; `user` a live session; `permission` an
 * administrator whose role includes the method's path, or that of the method named as its permission;
 * `app-or-permission` such an administrator, or a signed, granted application of trust `server`, never an unsigned
 * call; `optional` anybody, a session is looked at when there is one; `none` anybody; `console` such an administrator
 * with a session of the console: nobody else can call it, and it answers on no path but the console's.
 */
export type Auth = 'app' | 'user' | 'permission' | 'app-or-permission' | 'optional' | 'none' | 'console'

/**
 * Whom a method of `app` answers, besides applications that keep their key. `server`: nobody, others are refused with
 * PERMISSION_DENIED. `own-uid`: public applications with the live session of `uid`, which has to be given. `session`:
 * public applications with a live session, that of `uid` where there is one. `anybody`: public applications, as the
 * method does nothing for a user who has not proved something to it; a `uid` needs its session.
 */
export type NeededTrust = 'server' | 'own-uid' | 'session' | 'anybody'

/** Where something comes from that a rule is to do: what the audit, the limits and a new session note of it. */
export interface Origin {
  /** A method's wire name, or what stands in for it: a page's or a command's, as `page.login.wechat`. */
  readonly action: string
  /** The application that signed the call. */
  readonly app: ClientApp | undefined
  /** Who is signed in, as far as the method cares. */
  readonly session: SignedIn | undefined
  /** The caller's address, behind trusted proxies the one they name; empty for a command. */
  readonly ip: string
  /** The call's own; absent for what is no call. */
  readonly requestId?: string
}

/** The same where somebody is signed in for certain. */
export interface SignedInOrigin extends Origin {
  readonly session: SignedIn
}

/** What a handler is given: where the call comes from, and its checked parameters. */
export interface Call<Name extends MethodName, Trust extends Auth> extends Origin {
  readonly action: Name
  readonly params: Contracts[Name]['params']
  readonly app: Trust extends 'app' ? ClientApp : ClientApp | undefined
  readonly session: Trust extends 'user' | 'permission' | 'console' ? SignedIn : SignedIn | undefined
  /** The session of the console that it comes from; absent for all other calls. */
  readonly console: Trust extends 'console' ? ConsoleCaller : ConsoleCaller | undefined
  /** All parameters as they were sent, unchecked: only for contracts with `x-list`. */
  readonly raw?: Readonly<Record<string, string>>
  /** Header `Last-Event-ID`, unchecked: only for contracts with `x-stream`. */
  readonly lastEventId?: string | undefined
  /** The cookie that the contract's `x-cookie` names. */
  readonly cookie?: string | undefined
  /**
   * A body that is neither form nor JSON, as it came, empty for any other; undefined for GET. Only for contracts with
   * `x-text-body`.
   */
  readonly body?: string | undefined
  /** The file of the form field that the contract's `x-file` names, if one came. */
  readonly file?: Buffer | undefined
}

export interface MethodDefinition<Name extends MethodName, Trust extends Auth> {
  readonly auth: Trust
  /** What an application of trust `public` needs; each `app` method says so, and one that does not is for `server`. */
  readonly trust?: Trust extends 'app' ? NeededTrust : never
  /** Whose path the administrator's role must include, where it is not the method's own (account-beside.md §4). */
  readonly permission?: Trust extends 'permission' ? MethodName : never
  /**
   * Grave: from the console it takes a proof of its user that is younger than five minutes (PROOF_NEEDED). Elsewhere
   * it means nothing.
   */
  readonly reproof?: true
  /**
   * A console method about the caller's own account, which every administrator may call, whatever the role includes;
   * `enrolling` also one who is still to set up a second factor.
   */
  readonly ownAccount?: Trust extends 'console' ? true | 'enrolling' : never
  readonly limit?: CallLimit
  /** The passport envelope's message on success; `操作成功` if absent. */
  readonly success?: string
  /**
   * For contracts with `x-jsonp`: visitors of a page, who can't sign, may call with their session cookie
   * (passport.md §5); `nobody` is the answer when nobody is signed in.
   */
  readonly visitors?: { readonly nobody: Contracts[Name]['result'] }
  handle(call: Call<Name, Trust>, services: Services): Ready<Contracts[Name]['result']>
}

export interface Method<Name extends MethodName> extends MethodDefinition<Name, Auth> {
  readonly name: Name
}

/** Every contract with its handler; the generated table satisfies it or does not compile. */
export type MethodTable = { readonly [Name in MethodName]: Method<Name> }

/** Declares a method's behaviour. The name ties it to its contract, so wrong parameters or results don't compile. */
export function defineMethod<Name extends MethodName, const Trust extends Auth>(
  name: Name,
  definition: MethodDefinition<Name, Trust>,
): Method<Name> {
  // Dispatch establishes the application and the session that `auth` promises before it calls the handler.
  return { ...(definition as unknown as MethodDefinition<Name, Auth>), name }
}
