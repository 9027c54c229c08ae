import type { Knex } from 'knex'

/** What goes with an account: the user's own rows, ways in, sessions and claims. Orders keep the number alone. */
const tables = [
  'account_user_info',
  'account_user_login',
  'account_user_bind_connect',
  'pay_user_resource',
  'user_identity',
  'user_session',
  'user_certificate',
  'user_consent',
  'nickname_owner',
  'admin_user_admin',
  'uploaded_file',
  'console_session',
  'console_totp',
  'console_passkey',
  'console_recovery_code',
  'console_ticket',
  'account_user_base',
] as const

/** Deletes an account for good (account-beside.md §4.1), in the caller's transaction. */
export async function deleteUser(db: Knex, userId: number): Promise<void> {
  for (const table of tables) await db(table).where({ user_id: userId }).delete()
}
