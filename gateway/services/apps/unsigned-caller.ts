import { type Apps, type ClientApp, compilePattern } from './apps.js'
import { usualGuards } from './guards.js'

/** The application that unsigned calls count as. */
const unsignedName = 'web'

/** What a page of a passport client calls. */
export const webGrants = ['web.*', 'app.*', 'open.*', 'batch']

const patterns = webGrants.map(compilePattern)

/** It has no secret, so that nobody can sign in its name. */
const unregistered: ClientApp = {
  name: unsignedName,
  scheme: 'legacy',
  trust: 'server',
  enabled: true,
  secrets: [],
  grants: webGrants,
  addresses: [],
  recut: 'refuse',
  queryCredentials: 'accept',
  guards: usualGuards,
  isGranted: (method) => patterns.some((pattern) => pattern.test(method)),
  isAllowedFrom: () => true,
}

/**
 * Who makes the unsigned calls that a development server answers: the application `web` as it is registered, or one of
 * that name where nobody has registered it, as where users were imported before the first start.
 */
export function unsignedCaller(apps: Pick<Apps, 'find'>): ClientApp {
  return apps.find(unsignedName) ?? unregistered
}
