import type { Command } from 'commander'
import type { Knex } from 'knex'
import { type ClientAppRow, listClientApps } from '../../../db/client-apps.js'
import { formatTime } from '../../wire/time.js'
import { readApp } from '../../services/apps/apps.js'
import type { Vault } from '../../services/vault.js'
import { CommandError } from '../command/error.js'
import { addExample, addJsonOption, type JsonOption } from '../command/options.js'
import { fieldLines, isoTime, printJson, printLines, tableLines } from '../command/print.js'
import { withDatabase } from '../command/session.js'

/** Adds `app list` and `app show`. Neither shows a secret. */
export function addShowCommands(app: Command): void {
  const list = app.command('list').description('list the applications').action(listApps)
  addExample(addJsonOption(list), 'app list')
  const show = app.command('show').description('show an application').argument('<name>').action(showApp)
  addExample(addJsonOption(show), 'app show web')
}

async function listApps({ json }: JsonOption): Promise<void> {
  const apps = await withDatabase(async ({ db, vault }) => {
    return (await listClientApps(db)).map((row) => describeApp(row, vault))
  })
  if (json) return printJson(apps.map(jsonOf))
  if (apps.length === 0) return printLines(['no application is registered'])
  const rows = apps.map(({ name, scheme, trust, enabled, addresses, grants }) => {
    const state = enabled ? 'enabled' : 'disabled'
    return [name, scheme, trust, state, addresses.join(',') || 'any', grants.join(',')]
  })
  printLines(tableLines(['NAME', 'SCHEME', 'TRUST', 'STATE', 'ADDRESSES', 'GRANTS'], rows))
}

async function showApp(name: string, { json }: JsonOption): Promise<void> {
  const { app, timeZone } = await withDatabase(async ({ db, vault, config }) => {
    return { app: describeApp(await findApp(db, name), vault), timeZone: config.timeZone }
  })
  if (json) return printJson(jsonOf(app))
  const lost = app.unreadableSecrets > 0 ? `, ${app.unreadableSecrets} sealed under a DATA_KEY not given` : ''
  printLines(
    fieldLines({
      name,
      scheme: app.scheme,
      trust: app.trust,
      enabled: app.enabled ? 'yes' : 'no',
      secrets: `${app.liveSecrets} live${lost}`,
      grants: app.grants.join(', '),
      addresses: app.addresses.join(', ') || 'any',
      codes: app.codeLength === null ? 'as CODE_LENGTH says' : `${app.codeLength} digits`,
      recut: app.recut,
      'in query': app.queryCredentials,
      registered: formatTime(app.registeredAt, timeZone),
      changed: formatTime(app.changedAt, timeZone),
    }),
  )
}

/** The registered application of this name. Throws CommandError. */
export async function findApp(db: Knex, name: string): Promise<ClientAppRow> {
  const row = (await listClientApps(db)).find((app) => app.name === name)
  if (!row) throw new CommandError(`no application ${name} is registered`)
  return row
}

/** The public data of an application: the number of its secrets, but none of them. */
function describeApp(row: ClientAppRow, vault: Vault) {
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

function jsonOf(app: ReturnType<typeof describeApp>) {
  return { ...app, registeredAt: isoTime(app.registeredAt), changedAt: isoTime(app.changedAt) }
}
