import { extname } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The file of a module named relative to another, compiled or not as that one is. */
export function siblingModule(from: string, name: string): string {
  return fileURLToPath(new URL(name + extname(fileURLToPath(from)), from))
}

/** The Node options that a process needs to run a module of the same kind as this one. */
export function moduleArguments(from: string): string[] {
  return extname(fileURLToPath(from)) === '.ts' ? ['--import=tsx'] : []
}
