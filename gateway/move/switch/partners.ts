import { type Common, type MethodGroup, methodGroups } from './method-groups.js'

/** Methods that would be torn from others, and what ties them. */
export interface Torn {
  readonly group: string
  /** Those of the group that are to move, and those that are left behind. */
  readonly moved: readonly string[]
  readonly left: readonly string[]
}

/** The groups that tie methods together where both servers hold `common` in common. */
function tyingGroups(common: readonly Common[]): MethodGroup[] {
  return methodGroups.filter(({ unless }) => unless === undefined || !common.includes(unless))
}

/** The groups that `methods` are a part of, and not the whole. */
export function findTorn(methods: readonly string[], common: readonly Common[]): Torn[] {
  const chosen = new Set(methods)
  return tyingGroups(common).flatMap(({ name, methods: all }) => {
    const moved = all.filter((method) => chosen.has(method))
    const left = all.filter((method) => !chosen.has(method))
    return moved.length > 0 && left.length > 0 ? [{ group: name, moved, left }] : []
  })
}

/** The methods with all that are tied to them, directly or by others. */
export function withPartners(methods: readonly string[], common: readonly Common[]): string[] {
  const all = new Set(methods)
  for (let torn = findTorn([...all], common); torn.length > 0; torn = findTorn([...all], common))
    for (const { left } of torn) for (const method of left) all.add(method)
  return [...all].sort()
}

/** What ties a method to others; nothing where its answers depend on no other method's side. */
export function tiesOf(method: string, common: readonly Common[]): MethodGroup[] {
  return tyingGroups(common).filter(({ methods }) => methods.includes(method))
}

/** What a row of routes says of it. */
export function readCommon(text: string): Common[] {
  return text.split(',').filter((part): part is Common => part === 'database' || part === 'sessions')
}
