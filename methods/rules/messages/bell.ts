/** Remembers that it was rung until somebody looks. */
export class Bell {
  private isRung = false
  private wake: (() => void) | undefined

  ring(): void {
    this.isRung = true
    this.wake?.()
  }

  async rung(): Promise<void> {
    if (!this.isRung) await new Promise<void>((resolve) => (this.wake = resolve))
    this.isRung = false
  }
}
