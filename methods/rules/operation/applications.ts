import { type ClientAppRow, findClientApp, listClientApps } from '../../../db/client-apps.js'
import { type InTransaction, transaction } from '../../../db/transaction.js'
import { type ClientApp, readApp } from '../../../gateway/services/apps/apps.js'
import {
  type AppChange,
  AppRegistryError,
  changeApp,
  type NewApp,
  registerApp,
  retireSecrets,
  rotateSecret,
} from '../../../gateway/services/apps/registry.js'
import type { Services } from '../../../gateway/services/services.js'
import type { Vault } from '../../../gateway/services/vault.js'
import { audit } from '../audit.js'
import type { Operator } from './operator.js'
import { requireWholeConsole } from './ranks.js'

type RegistryServices = Pick<Services, 'db' | 'clock' | 'vault'>

/** Registers an application and returns its secret. Throws AppRegistryError for what the registry can't take. */
export function addApplication(services: RegistryServices, app: NewApp, operator: Operator): Promise<string> {
  return transaction(services, async (services) => {
    if (app.trust === 'server') await requireWholeConsole(services, operator)
    const secret = await registerApp(services.db, services.vault, app)
    const detail = `application ${app.name}, ${app.scheme}, ${app.trust}, ${app.grants.join(' ')}`
    await audit(services, operator, { detail })
    return secret
  })
}

/** Gives an application a new secret and returns it; the one before stays good until the next. Throws AppRegistryError. */
export function rotateApplication(
  services: RegistryServices,
  { name, secret: given }: { readonly name: string; readonly secret?: string | undefined },
  operator: Operator,
): Promise<string> {
  return transaction(services, async (services) => {
    await holdToTrust(services, name, operator)
    const secret = await rotateSecret(services.db, services.vault, name, given)
    await audit(services, operator, { detail: `application ${name}` })
    return secret
  })
}

/** Ends the secrets of an application but for its newest. Throws AppRegistryError where it has no other. */
export function retireApplication(
  services: Pick<Services, 'db' | 'clock'>,
  name: string,
  operator: Operator,
): Promise<void> {
  return transaction(services, async (services) => {
    await holdToTrust(services, name, operator)
    await retireSecrets(services.db, name)
    await audit(services, operator, { detail: `application ${name}` })
  })
}

/** Changes an application, and returns its row from before. Throws AppRegistryError for what the registry can't take. */
export function changeApplication(
  services: Pick<Services, 'db' | 'clock'>,
  { name, ...change }: AppChange & { readonly name: string },
  operator: Operator,
): Promise<ClientAppRow> {
  return transaction(services, async (services) => {
    await holdToTrust(services, name, operator)
    if (change.trust === 'server') await requireWholeConsole(services, operator)
    const before = await changeApp(services.db, name, change)
    await audit(services, operator, { detail: `application ${name}: ${wordsOf(change)}` })
    return before
  })
}

/** What a trusted application may do is more than most roles include. Throws FIELD_REFUSED. */
async function holdToTrust(
  services: InTransaction<Pick<Services, 'db'>>,
  name: string,
  operator: Operator,
): Promise<void> {
  const app = await findClientApp(services.db, name)
  if (app?.trust === 'server') await requireWholeConsole(services, operator)
}

function wordsOf(change: AppChange): string {
  return Object.entries(change)
    .filter(([, value]) => value !== undefined)
    .map(([field, value]) => `${field} ${Array.isArray(value) ? value.join(' ') || 'any' : String(value)}`)
    .join(', ')
}

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
  const { name, scheme, trust, enabled, secrets, grants, addresses, codeLength, recut, queryCredentials } =
    readApp(row, vault)
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
    queryCredentials,
    registeredAt: row.created_at,
    changedAt: row.updated_at,
  }
}
