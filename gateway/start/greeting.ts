import { findFirstUserId, userExists } from '../../db/users.js'
import { type ClientApp, findRefusal } from '../services/apps/apps.js'
import { unsignedCaller } from '../services/apps/unsigned-caller.js'
import type { Services } from '../services/services.js'
import { shownUser } from '../pages/start/demo-users.js'
import type { DemoApp } from './demo-data.js'

type GreetingServices = Pick<Services, 'config' | 'db' | 'apps'>

const shownMethod = 'open.passport.get'

/** What shows a newcomer where to look; each line can be used as it stands. */
export async function writeGreeting(
  services: GreetingServices,
  url: string,
  demoApps: readonly DemoApp[],
): Promise<string> {
  const { capture, database, console, consolePlace } = services.config
  return [
    '',
    `  passport-gateway (development) on ${url}`,
    ...(capture ? ['  CAPTURED: nothing that is sent leaves this server (OUTSIDE)'] : []),
    ...(console ? [`  open:   ${url}${consolePlace.path}/  (what to try first)`] : []),
    `  try:    ${await firstCall(services, url)}`,
    `  outbox: ${url}/outbox  (what was "sent")`,
    ...demoApps.map(({ name, secret }) => `  demo application ${name}: secret ${secret}  (shown this once)`),
    ...(database.kind === 'sqlite' ? [`  data:   ${database.file}`] : []),
    '',
    '',
  ].join('\n')
}

/** A call that is answered, whoever is in the database; where no unsigned one is, the command that signs it. */
async function firstCall({ config, db, apps }: GreetingServices, url: string): Promise<string> {
  const uid = (await userExists(db, shownUser)) ? shownUser : await findFirstUserId(db)
  if (config.passport.unsigned && mayCall(unsignedCaller(apps)))
    return `curl '${url}/gateway?method=${shownMethod}&uid=${uid}'`
  const signer = apps.list().find(mayCall)
  if (!signer)
    return `npm run cli -- app add trial --scheme legacy --trust server --grant '${shownMethod}'  (none may call it yet)`
  return `npm run cli -- sign make --app ${signer.name} --url ${url} method=${shownMethod} uid=${uid}  (unsigned calls are refused)`
}

/** Whether an application is answered from this machine without a session. */
function mayCall(app: ClientApp): boolean {
  return app.trust === 'server' && findRefusal(app, shownMethod, '127.0.0.1') === undefined
}
