import { type ClientAppRow, findClientApp, listClientApps } from '../../../db/client-apps.js'
import { type ClientApp, readApp } from '../../../gateway/services/apps/apps.js'
import type { ReportOnly } from '../../../gateway/services/apps/guards.js'
import { AppRegistryError } from '../../../gateway/services/apps/registry.js'
import type { Services } from '../../../gateway/services/services.js'
import type { Vault } from '../../../gateway/services/vault.js'

/** The public data of an application: the number of its secrets, but none of them. */
export interface DescribedApp
  extends Pick<
    ClientApp,
    'name' | 'scheme' | 'trust' | 'enabled' | 'grants' | 'addresses' | 'recut' | 'queryCredentials'
  > {
  readonly liveSecrets: number
  /** Those sealed under a DATA_KEY that is not given. */
  readonly unreadableSecrets: number
  /** Null: as `CODE_LENGTH` says. */
  readonly codeLength: number | null
  /** Guards that only report, if any do. */
  readonly reportOnly: ReportOnly | null
  /** Milliseconds. */
  readonly registeredAt: number
  readonly changedAt: number
}

export async function listApplications({
  db,
  vault,
}: Pick<Services, 'db' | 'vault'>): Promise<DescribedApp[]> {
  return (await listClientApps(db)).map((row) => describeApplication(row, vault))
}

/** Throws AppRegistryError where no application has the name. */
export async function findApplication(
  { db, vault }: Pick<Services, 'db' | 'vault'>,
  name: string,
): Promise<DescribedApp> {
  const row = await findClientApp(db, name)
  if (!row) throw new AppRegistryError(`no application ${name} is registered`, `没有应用 ${name}`)
  return describeApplication(row, vault)
}

function describeApplication(row: ClientAppRow, vault: Vault): DescribedApp {
  const app = readApp(row, vault)
  const { name, scheme, trust, enabled, secrets, grants, addresses, codeLength, recut } = app
  const sealed: string[] = JSON.parse(row.secrets)
  return {
    name,
    scheme,
    trust,
    enabled,
    liveSecrets: secrets.length,
    unreadableSecrets: sealed.length - secrets.length,
    grants,
    addresses,
    codeLength: codeLength ?? null,
    recut,
    queryCredentials: app.queryCredentials,
    reportOnly: app.guards.reportOnly ?? null,
    registeredAt: row.created_at,
    changedAt: row.updated_at,
  }
}
