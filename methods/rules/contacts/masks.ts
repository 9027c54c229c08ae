/**
 * A number with its middle hidden (passport.md §4): of eleven digits the first three and last four stay; of
 * `area-number` up to three digits after the dash, then four are hidden, then the rest.
 */
export function maskNumber(text: string): string {
  if (/^\d{11}$/.test(text)) return `${text.slice(0, 3)}****${text.slice(-4)}`
  const start = text.indexOf('-') + 1
  const number = text.slice(start)
  return number === '' ? text : `${text.slice(0, start)}${number.slice(0, 3)}****${number.slice(7)}`
}

/** `18****59670`: how open.passport.get masks a name that is a mobile number; other names stay. */
export function maskProfileName(name: string): string {
  return /^1[3-9]\d{9}$/.test(name) ? `${name.slice(0, 2)}****${name.slice(-5)}` : name
}

/** `z***@example.com`: an e-mail address of which the mailbox's first character stays. */
export function maskEmail(address: string): string {
  const at = address.lastIndexOf('@')
  return at < 1 ? address : `${Array.from(address)[0]}***${address.slice(at)}`
}
