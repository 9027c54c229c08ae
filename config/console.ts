/** Where the console, the start page and `/openapi.json` are, and for whom, where they are on. */
export interface ConsolePlace {
  /** Below which path, without a slash at its end; empty: at the root. */
  readonly path: string
  /** Hosts that they are asked by, in lower case and without port; none: any. */
  readonly hosts: readonly string[]
  /** Addresses and ranges that they are asked from; none: any. */
  readonly addresses: readonly string[]
}

/** What the gateway answers itself, which a path of the console must leave alone. */
const ownPaths =
  /^\/(gateway|front|manage|uploads|outbox|console|login|healthz|readyz|metrics|token-check)(\/|$)/

/** Whether a text is a path below which the console can be. */
export function isConsolePath(text: string): boolean {
  return /^(\/[A-Za-z0-9][A-Za-z0-9.-]*)+$/.test(text) && !ownPaths.test(text)
}

/** What the variables say of it. */
export function consolePlaceOf(e: {
  readonly CONSOLE_PATH?: string
  readonly CONSOLE_HOST?: readonly string[]
  readonly CONSOLE_ADDRESSES?: readonly string[]
}): ConsolePlace {
  return {
    path: e.CONSOLE_PATH ?? '',
    hosts: (e.CONSOLE_HOST ?? []).map((host) => host.toLowerCase()),
    addresses: [...(e.CONSOLE_ADDRESSES ?? [])],
  }
}
