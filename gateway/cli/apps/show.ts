import type { Command } from 'commander'
import {
  type DescribedApp,
  findApplication,
  listApplications,
} from '../../../methods/rules/operation/registered-applications.js'
import { formatTime } from '../../wire/time.js'
import { addExample, addJsonOption, type JsonOption } from '../command/options.js'
import { fieldLines, isoTime, printJson, printLines, tableLines } from '../command/print.js'
import { withDatabase } from '../command/session.js'
import { reportOnlyText } from './report-only-text.js'

/** Adds `app list` and `app show`. Neither shows a secret. */
export function addShowCommands(app: Command): void {
  const list = app.command('list').description('list the applications').action(listApps)
  addExample(addJsonOption(list), 'app list')
  const show = app.command('show').description('show an application').argument('<name>').action(showApp)
  addExample(addJsonOption(show), 'app show web')
}

async function listApps({ json }: JsonOption): Promise<void> {
  const apps = await withDatabase(listApplications)
  if (json) return printJson(apps.map(jsonOf))
  if (apps.length === 0) return printLines(['no application is registered'])
  const rows = apps.map(({ name, scheme, trust, enabled, addresses, grants }) => {
    const state = enabled ? 'enabled' : 'disabled'
    return [name, scheme, trust, state, addresses.join(',') || 'any', grants.join(',')]
  })
  printLines(tableLines(['NAME', 'SCHEME', 'TRUST', 'STATE', 'ADDRESSES', 'GRANTS'], rows))
}

async function showApp(name: string, { json }: JsonOption): Promise<void> {
  const { app, timeZone } = await withDatabase(async (session) => {
    return { app: await findApplication(session, name), timeZone: session.config.timeZone }
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
      guards: app.reportOnly ? reportOnlyText(app.reportOnly, timeZone) : 'as set',
      registered: formatTime(app.registeredAt, timeZone),
      changed: formatTime(app.changedAt, timeZone),
    }),
  )
}

function jsonOf(app: DescribedApp) {
  const reportOnly = app.reportOnly && { ...app.reportOnly, until: isoTime(app.reportOnly.until) }
  return { ...app, reportOnly, registeredAt: isoTime(app.registeredAt), changedAt: isoTime(app.changedAt) }
}
