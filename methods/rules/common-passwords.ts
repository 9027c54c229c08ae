import { dictionary } from '@zxcvbn-ts/language-common'

/** The list is ordered by how often a password was seen in leaks. */
const mostCommon = new Set(dictionary['passwords-common'].slice(0, 10_000))

/** Whether a password is among the ten thousand most common ones, in any case of its letters. */
export function isCommonPassword(password: string): boolean {
  return mostCommon.has(password.toLowerCase())
}
