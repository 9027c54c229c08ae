/** The registry can't do what an operator asked; the message tells the operator why. */
export class AppRegistryError extends Error {
  override readonly name = 'AppRegistryError'
  /** The same in Chinese. */
  readonly reason: string

  constructor(message: string, reason = message, options?: ErrorOptions) {
    super(message, options)
    this.reason = reason
  }
}
