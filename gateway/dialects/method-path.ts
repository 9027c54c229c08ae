import type { CompiledTable } from '../contract/compile-table.js'

/** What stands before a method's name in its path. */
export const methodPathPrefix = '/gateway/'

/**
 * The name that `/gateway/NAME` holds, for tools that know methods by their paths; undefined for the paths of the one
 * endpoint, where the parameter `method` alone names the method.
 */
export function methodInPath(path: string): string | undefined {
  if (path.length <= methodPathPrefix.length || !path.startsWith(methodPathPrefix)) return undefined
  return path.slice(methodPathPrefix.length, path.endsWith('/') ? -1 : undefined)
}

/** Whether `method` was sent as another method than that of the path; one of its aliases is the same method. */
export function disagreesWithPath(named: string, sent: string, { byName }: CompiledTable): boolean {
  return sent !== named && byName.get(sent) !== byName.get(named)
}
