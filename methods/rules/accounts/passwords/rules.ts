import { GatewayError } from '../../../../gateway/outcome/errors.js'
import type { Services } from '../../../../gateway/services/services.js'
import type { ClientApp } from '../../../../gateway/services/apps/apps.js'

/**
 * 6 to 64 of any printable character: no controls, no line breaks, nothing Unicode has not assigned, and no U+FFFD,
 * which says that something was not text.
 */
const printable = /^[^\p{Cc}\p{Cn}\p{Cs}\p{Zl}\p{Zp}\uFFFD]{6,64}$/u

const wanted = 'password: 6 to 64 printable characters'

/** Legacy clients and the shop's front ends may set the most common passwords: their users know no such rule. */
export type PasswordRule = 'legacy' | 'modern'

/** The rule for what a signed application sets (passport.md §4). */
export function passwordRuleOf({ scheme }: ClientApp): PasswordRule {
  return scheme === 'legacy' ? 'legacy' : 'modern'
}

/** Checks a new password. Throws PASSWORD_CHARACTERS, and PASSWORD_INVALID for its length and, by the modern rule, for
 * the most common ones. */
export async function checkNewPassword(
  { config }: Pick<Services, 'config'>,
  password: string,
  rule: PasswordRule,
): Promise<void> {
  const { length } = Array.from(password)
  if (length < 6 || length > 64) throw new GatewayError('PASSWORD_INVALID', { detail: wanted })
  if (!printable.test(password)) throw new GatewayError('PASSWORD_CHARACTERS', { detail: wanted })
  if (!config.passwordBlocklist || rule === 'legacy') return
  if (await isCommonPassword(password))
    throw new GatewayError('PASSWORD_INVALID', { detail: 'password: not one of the most common ones' })
}

/** The list is ordered by how often a password was seen in leaks. */
const mostCommon = 10_000

/** Whether a password is among the ten thousand most common ones, in any case of its letters. */
async function isCommonPassword(password: string): Promise<boolean> {
  // A list of megabytes, for the few who change a password.
  const { dictionary } = await import('@zxcvbn-ts/language-common')
  return dictionary['passwords-common'].slice(0, mostCommon).includes(password.toLowerCase())
}
