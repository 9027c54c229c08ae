import { listClientApps } from '../../../db/client-apps.js'
import { contractDocuments } from '../../../schemas/contracts.js'
import { type ClientApp, readApp } from '../../services/apps/apps.js'
import { CommandError, UsageError } from '../command/error.js'
import type { JsonOption } from '../command/options.js'
import { readSecret } from '../command/secret-input.js'
import { withDatabase } from '../command/session.js'
import type { SigningApp } from './doctor.js'

export interface AppOptions extends JsonOption {
  readonly app?: string
  readonly secret?: string
  readonly scheme?: ClientApp['scheme']
}

/** The signing application, all others, and the reasons of the registry to refuse a call. */
interface Signer {
  readonly app: SigningApp
  readonly others: readonly SigningApp[]
  readonly publicUrl?: string
  readonly refusals: (method: string) => string[]
}

export async function findSigner(name: string, { secret, scheme }: AppOptions): Promise<Signer> {
  if (secret !== undefined && secret !== '-')
    throw new UsageError('--secret takes "-" only: on the command line, others see what it is')
  if (secret === '-') {
    const app = { name, scheme: scheme ?? 'legacy', secrets: [await readSecret('Secret')] }
    return { app, others: [], refusals: () => [] }
  }
  const { apps, publicUrl } = await withDatabase(async ({ db, vault, config }) => ({
    apps: (await listClientApps(db)).map((row) => readApp(row, vault)),
    publicUrl: config.publicUrl,
  }))
  const app = apps.find((one) => one.name === name)
  if (!app) throw new CommandError(`no application ${name} is registered`)
  if (app.secrets.length === 0)
    throw new CommandError(`the secrets of ${name} are sealed under a DATA_KEY that was not given`)
  if (scheme !== undefined && scheme !== app.scheme)
    throw new CommandError(`--scheme: the application ${name} is registered with ${app.scheme}`)
  return {
    app,
    others: apps.filter((one) => one !== app),
    publicUrl,
    refusals: (method) => registryRefusals(app, method),
  }
}

function registryRefusals(app: ClientApp, method: string): string[] {
  const contract = Object.values(contractDocuments).find(
    (document) => document.$id === method || document['x-aliases']?.includes(method),
  )
  if (!contract) return [method === '' ? 'method is missing' : `there is no method ${method}`]
  return [
    ...(app.enabled ? [] : [`the application ${app.name} is disabled`]),
    ...(app.isGranted(contract.$id) ? [] : [`${contract.$id} is not granted to the application ${app.name}`]),
  ]
}
