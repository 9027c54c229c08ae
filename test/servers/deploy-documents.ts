import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { projectRoot } from '../whole/architecture/source-tree.js'

/** A file of docs/deploy as it stands, but for what a test must have otherwise: texts that each stand in it once. */
export function readDeployDocument(name: string, changes: readonly (readonly [string, string])[]): string {
  const text = readFileSync(join(projectRoot(), 'docs/deploy', name), 'utf8')
  return changes.reduce((changed, [from, to]) => {
    const parts = changed.split(from)
    if (parts.length !== 2) throw new Error(`${name} has "${from}" ${parts.length - 1} times`)
    return parts.join(to)
  }, text)
}
