/** What stands in the place of a secret. */
export const mask = '********'

const secretName = /pass|pwd|token|secret|key|auth|sign/i

/** The URL with its password, and parameters named like secrets, masked; other text as it is. */
export function maskUrl(text: string): string {
  if (!URL.canParse(text)) return text
  const url = new URL(text)
  const names = [...new Set(url.searchParams.keys())].filter((name) => secretName.test(name))
  if (url.password === '' && names.length === 0) return text
  if (url.password !== '') url.password = mask
  for (const name of names) url.searchParams.set(name, mask)
  return url.href
}
