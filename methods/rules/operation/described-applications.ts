import { type AppCallerRow, listAppCallers } from '../../../db/app-callers.js'
import { listCredentialCallers } from '../../../db/credential-callers.js'
import type { Services } from '../../../gateway/services/services.js'
import { type DescribedApp, findApplication, listApplications } from './applications.js'

type RegistryServices = Pick<Services, 'db' | 'vault'>

/** All applications as the console shows them. */
export async function describeApplications(services: RegistryServices) {
  const callers = await listAppCallers(services.db)
  return (await listApplications(services)).map((app) =>
    describe(
      app,
      callers.filter(({ app_name }) => app_name === app.name),
    ),
  )
}

/** One application as the console shows it, with who calls in its name. Throws AppRegistryError where there is none. */
export async function describeApplication(services: RegistryServices, name: string) {
  const app = await findApplication(services, name)
  const callers = await listAppCallers(services.db, name)
  const queryCallers = await listCredentialCallers(services.db, name)
  return {
    ...describe(app, callers),
    callers: callers.map(describeCaller),
    query_callers: queryCallers.map((row) => {
      return { method: row.method, network: row.network, ...describeCaller(row) }
    }),
  }
}

function describe(app: DescribedApp, callers: readonly AppCallerRow[]) {
  const { name, scheme, trust, enabled, grants, addresses, recut } = app
  return {
    name,
    scheme,
    trust,
    enabled,
    live_secrets: app.liveSecrets,
    unreadable_secrets: app.unreadableSecrets,
    grants: [...grants],
    addresses: [...addresses],
    code_length: app.codeLength ?? 0,
    recut,
    query_credentials: app.queryCredentials,
    registered_at: app.registeredAt,
    changed_at: app.changedAt,
    last_seen_at: Math.max(0, ...callers.map(({ last_seen_at }) => last_seen_at)),
    calls: callers.reduce((sum, { calls }) => sum + calls, 0),
  }
}

function describeCaller({
  client_version: version,
  calls,
  first_seen_at,
  last_seen_at,
}: Omit<AppCallerRow, 'app_name'>) {
  return { version, calls, first_seen_at, last_seen_at }
}
