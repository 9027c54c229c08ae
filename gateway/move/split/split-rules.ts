import type { MoveRouteRow } from '../../../db/move-routes.js'
import { findContractDocument } from '../../contract/find-document.js'
import { wholeShare } from '../switch/side.js'

/** The servers between which a plain proxy splits calls. */
export interface SplitServers {
  readonly old: URL
  readonly new: URL
}

/** A route, as a plain proxy is told of it. */
export interface SplitRule {
  /** The method's wire name and its aliases. */
  readonly names: readonly string[]
  /** REST paths of these. */
  readonly paths: readonly string[]
  /** Empty for all applications. */
  readonly app: string
  /** In ten thousandths. */
  readonly share: number
  readonly by: string
}

/** The routes, those of single applications first. A route without a share counts only where it is an exception. */
export function splitRules(rows: readonly MoveRouteRow[]): SplitRule[] {
  return rows
    .filter(({ app, share }) => share > 0 || app !== '')
    .map(({ method, app, share, caller }) => {
      const document = findContractDocument(method)
      const names = [method, ...(document?.['x-aliases'] ?? [])]
      const paths = names
        .filter((name) => /^(?:front|manage)\./.test(name))
        .map((name) => `/${name.replaceAll('.', '/')}`)
      return { names, paths, app, share, by: caller }
    })
    .sort((one, other) => Number(one.app === '') - Number(other.app === ''))
}

/** Whether a rule is for all callers, or for none. */
export function isWhole({ share }: SplitRule): boolean {
  return share === 0 || share === wholeShare
}

/** `10.0.0.5:80`: where a server listens. */
export function addressOf({ hostname, port, protocol }: URL): string {
  return `${hostname}:${port || (protocol === 'https:' ? '443' : '80')}`
}

/** What stands at the head of either form. */
export const splitHead = `# Printed by "passport-gateway move config". It knows methods by query and path only: a call that names its method in its body
# goes to the old server, and so do codes that were sent by the new one if they are checked so.
`

/** The method that each REST path of the rules stands for. */
export function methodsByPath(rules: readonly SplitRule[]): Map<string, string> {
  return new Map(rules.flatMap(({ paths, names }) => paths.map((path) => [path, names[0] ?? ''] as const)))
}
