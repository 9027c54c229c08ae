import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** Where the build puts the page: `dist/console` of the package, whether the server runs from `dist` or from sources. */
export function consoleFolder(): string {
  let folder = dirname(fileURLToPath(import.meta.url))
  while (!existsSync(join(folder, 'package.json'))) {
    if (folder === dirname(folder)) throw new Error('package.json is missing beside dist')
    folder = dirname(folder)
  }
  return join(folder, 'dist', 'console')
}
