/** What the server says of the administrator's own account in the console. */
export interface OwnAccount {
  readonly totp: boolean
  readonly recovery_codes: number
  readonly passkeys: readonly { readonly passkey_id: string; readonly label: string }[]
  readonly sessions: readonly OwnSession[]
}

export interface OwnSession {
  readonly session_id: string
  readonly is_own: boolean
  readonly ip: string
  readonly agent: string
  readonly created_at: number
  readonly seen_at: number
}
