import { type CallerRow } from '../../../db/callers.js'
import { type AppVersion, listAppVersions, listCallers } from '../../../db/listed-callers.js'
import type { Services } from '../../../gateway/services/services.js'
import { type DescribedApp, findApplication, listApplications } from './registered-applications.js'

type RegistryServices = Pick<Services, 'db' | 'vault'>

/** All applications as the console shows them. */
export async function describeApplications(services: RegistryServices) {
  const callers = await listAppVersions(services.db)
  return (await listApplications(services)).map((app) =>
    describe(
      app,
      callers.filter(({ app_name }) => app_name === app.name),
    ),
  )
}

/** The most rows of callers that the console shows. */
const mostShown = 200

/** One application as the console shows it, with who calls in its name. Throws AppRegistryError where there is none. */
export async function describeApplication(services: RegistryServices, name: string) {
  const app = await findApplication(services, name)
  const versions = await listAppVersions(services.db, name)
  const rows = await listCallers(services.db, { app: name }, mostShown)
  const queryCallers = await listCallers(services.db, { app: name, finding: 'query-credentials' }, mostShown)
  return {
    ...describe(app, versions),
    callers: versions.map(describeCaller),
    query_callers: queryCallers.map(describePlace),
    method_callers: rows.map((row) => {
      return { ...describePlace(row), scheme: row.scheme, finding: row.finding }
    }),
  }
}

function describePlace(row: CallerRow) {
  return { method: row.method, network: row.network, ...describeCaller(row) }
}

function describe(app: DescribedApp, callers: readonly AppVersion[]) {
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
    report_only: [...(app.reportOnly?.guards ?? [])],
    report_until: app.reportOnly?.until ?? 0,
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
}: Omit<AppVersion, 'app_name'>) {
  return { version, calls, first_seen_at, last_seen_at }
}
