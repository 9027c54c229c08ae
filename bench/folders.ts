import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The project, seen from this file or from its compiled form in dist/bench. */
const parent = dirname(dirname(fileURLToPath(import.meta.url)))
export const projectFolder = existsSync(join(parent, 'bench', 'package.json')) ? parent : dirname(parent)

export const benchFolder = join(projectFolder, 'bench')
export const resultsFolder = join(benchFolder, 'results')

/** A server of bench/peers. */
export function peerModule(name: string): string {
  return join(benchFolder, 'peers', `${name}.mjs`)
}

/** A compiled module of the project, such as `gateway/main`. */
export function builtModule(name: string): string {
  return join(projectFolder, 'dist', `${name}.js`)
}
