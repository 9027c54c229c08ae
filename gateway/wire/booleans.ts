const truths: ReadonlyMap<string, boolean> = new Map([
  ['true', true],
  ['1', true],
  ['on', true],
  ['yes', true],
  ['false', false],
  ['0', false],
  ['off', false],
  ['no', false],
])

/** One of the wire's words for true and false, in any case (account.md §3); undefined for any other text. */
export function readBoolean(text: string): boolean | undefined {
  return truths.get(text.toLowerCase())
}
