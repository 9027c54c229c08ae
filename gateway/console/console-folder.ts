import { join } from 'node:path'
import { packageFolder } from '../services/telemetry/own-package.js'

/** Where the build puts the page: `dist/console` of the package. */
export function consoleFolder(): string {
  return join(packageFolder(), 'dist', 'console')
}
