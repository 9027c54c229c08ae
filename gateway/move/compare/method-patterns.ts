/** Whether a method's name is among patterns, in which `*` stands for any text; any is, where there are none. */
export function matcherOf(patterns: readonly string[]): (method: string) => boolean {
  if (patterns.length === 0) return () => true
  const expressions = patterns.map((pattern) => {
    const parts = pattern.split('*').map((part) => part.replaceAll(/[.\\+?^$|()[\]{}]/g, '\\$&'))
    return new RegExp(`^${parts.join('.*')}$`)
  })
  return (method) => expressions.some((expression) => expression.test(method))
}
