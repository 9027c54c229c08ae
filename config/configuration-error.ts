/** The configuration cannot be used. Its message lists every problem, one per line, and no secrets. */
export class ConfigurationError extends Error {
  override readonly name = 'ConfigurationError'
  /** Each names a variable and says what it wants. */
  readonly problems: string[]

  constructor(problems: readonly string[], options?: ErrorOptions) {
    super(['The configuration is not usable:', ...problems].join('\n'), options)
    this.problems = [...problems]
  }
}
