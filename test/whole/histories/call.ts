/** A number or an e-mail address, by its place in the history. */
export type Address = `mobile ${number}` | `e-mail ${number}`

/** A user by the id; one whom a call made whose answer nobody got, by that call: `?12`. */
export type UserKey = string

/** The session of the token that was the nth one that the history got. */
export type SessionName = `session ${number}`

type WithCode = { readonly address: Address; readonly code: string }

/** What a client asks of a node, with all that it sends. */
export type Call =
  | { readonly kind: 'send code'; readonly address: Address }
  | ({ readonly kind: 'check code' } & WithCode)
  | ({ readonly kind: 'sign in by code' } & WithCode)
  | ({ readonly kind: 'register'; readonly password: string } & WithCode)
  | ({ readonly kind: 'reset password'; readonly password: string } & WithCode)
  | { readonly kind: 'sign in'; readonly address: Address; readonly password: string }
  | {
      readonly kind: 'change password'
      readonly session: SessionName
      readonly old: string
      readonly password: string
    }
  | { readonly kind: 'set password'; readonly user: UserKey; readonly password: string }
  | ({ readonly kind: 'bind' | 'unbind'; readonly session: SessionName } & WithCode)
  | {
      readonly kind: 'check mobile' | 'change mobile' | 'verify e-mail'
      readonly user: UserKey
      readonly address: Address
    }
  | { readonly kind: 'change e-mail'; readonly link: string }
  | {
      readonly kind: 'look' | 'log out' | 'end others' | 'list addresses' | 'count unread' | 'read all'
      readonly session: SessionName
    }
  | {
      readonly kind: 'add address'
      readonly session: SessionName
      readonly name: string
      readonly isDefault: boolean
    }
  | {
      readonly kind: 'make default' | 'remove address'
      readonly session: SessionName
      readonly name: string
    }
  | { readonly kind: 'send message'; readonly session: SessionName; readonly to: UserKey }

type OfKind<One, Kind> = One extends { readonly kind: infer Kinds }
  ? [Kind] extends [Kinds]
    ? One
    : never
  : never

/** The calls among which one of a kind is. */
export type CallOf<Kind extends Call['kind']> = OfKind<Call, Kind>

/** What became of a call. */
export interface Seen {
  /** `ok`, perhaps with what was told, or the error; undefined where the node was killed before it answered. */
  readonly answer: string | undefined
  /** Who was signed in, and the session of the token that was given. */
  readonly user?: UserKey
  readonly session?: SessionName
  /** The code that arrived, or the link. */
  readonly arrived?: string
  readonly node: number
  /** Milliseconds since 1970. */
  readonly sentAt: number
  /** When all calls that were under way with it had ended (ms). */
  readonly endedAt: number
}

/** A call in one readable line. */
export function describeCall(call: Call): string {
  const { kind, ...rest } = call
  const told = Object.entries(rest).map(([name, value]) =>
    name === 'address' || name === 'session' ? String(value) : `${name} ${String(value)}`,
  )
  return [kind, ...told].join(', ')
}
