export function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(bytes < 1e8 ? 1 : 0)} MB`
}

/** Says on standard error how far something is, once a second. */
export function createShow(what: string, total: number | undefined): (bytes: number) => void {
  let before = performance.now()
  return (bytes) => {
    const now = performance.now()
    if (now - before < 1000) return
    before = now
    process.stderr.write(
      `${what} ${megabytes(bytes)}${total === undefined ? '' : ` of ${megabytes(total)}`}\n`,
    )
  }
}
