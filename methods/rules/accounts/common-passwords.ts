/** The list is ordered by how often a password was seen in leaks. */
const mostCommon = 10_000

/** Whether a password is among the ten thousand most common ones, in any case of its letters. */
export async function isCommonPassword(password: string): Promise<boolean> {
  // A list of megabytes, for the few who change a password.
  const { dictionary } = await import('@zxcvbn-ts/language-common')
  return dictionary['passwords-common'].slice(0, mostCommon).includes(password.toLowerCase())
}
