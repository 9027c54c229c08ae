/** A caller whose token is alive. */
export interface SignedIn {
  readonly userId: number
  /** The id of the session; of a token that an old shop issued, one that no session has. */
  readonly tokenId: string
  /** Milliseconds. */
  readonly expiresAt: number
  /** The salt that a token of an old shop names; absent in ours. */
  readonly shopSalt?: string | undefined
}
