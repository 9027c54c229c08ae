import { type ClientAppRow, findClientApp } from '../../../db/client-apps.js'
import { type InTransaction, transaction } from '../../../db/transaction.js'
import {
  type AppChange,
  changeApp,
  type NewApp,
  registerApp,
  retireSecrets,
  rotateSecret,
} from '../../../gateway/services/apps/registry.js'
import type { ReportOnly } from '../../../gateway/services/apps/guards.js'
import type { Services } from '../../../gateway/services/services.js'
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
    .map(([field, value]) => `${field} ${wordOf(value)}`)
    .join(', ')
}

function wordOf(value: AppChange[keyof AppChange]): string {
  if (Array.isArray(value)) return value.join(' ') || 'any'
  if (typeof value !== 'object' || value === null) return String(value)
  const { guards, until } = value as ReportOnly
  return guards.length === 0 ? 'none' : `${guards.join(' ')} until ${new Date(until).toISOString()}`
}
