import type { KeyHolderRow, KeyVariable } from '../../../db/key-holders.js'

/** A node that has said nothing for so long is gone, or its calls go elsewhere. */
export const goneMilliseconds = 3 * 60_000

/** Names of the nodes among `holders` that lack a key. */
export function nodesWithout(
  holders: readonly KeyHolderRow[],
  variable: KeyVariable,
  fingerprint: string,
): string[] {
  const keysOf = new Map<string, { name: string; keys: Set<string> }>()
  for (const row of holders) {
    if (row.variable !== variable) continue
    const node = keysOf.get(row.node_id) ?? { name: row.node_name, keys: new Set() }
    keysOf.set(row.node_id, node)
    node.keys.add(row.fingerprint)
  }
  return [...keysOf.values()].filter(({ keys }) => !keys.has(fingerprint)).map(({ name }) => name)
}

/**
 * Which key of a list is written with: the first that every other node can read, and the first of all where there is no
 * such key.
 */
export function writingPlace(
  fingerprints: readonly string[],
  variable: KeyVariable,
  holders: readonly KeyHolderRow[],
): number {
  const place = fingerprints.findIndex((key) => nodesWithout(holders, variable, key).length === 0)
  return Math.max(0, place)
}
