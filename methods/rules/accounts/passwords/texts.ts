import type { Services } from '../../../../gateway/services/services.js'
import { readBoolean } from '../../../../gateway/wire/booleans.js'

/** Whether the documented parameter `encrypt`, a text, says that a password is encrypted. */
export function isEncrypted(text: string | undefined): boolean {
  return readBoolean(text ?? '') ?? false
}

/**
 * A password as its user typed it. One that came encrypted under the server's public key is decrypted; what can't be
 * becomes a password that nobody has, so that it fails as any wrong one does (account.md §7).
 */
export async function readPassword(
  { loginKey }: Pick<Services, 'loginKey'>,
  text: string,
  isEncrypted: boolean,
): Promise<string> {
  return isEncrypted ? loginKey.decrypt(text) : text
}
