import { findCredentials } from '../../../db/credentials.js'
import { saveAdmin } from '../../../db/admins.js'
import { listRoles } from '../../../db/admin-roles.js'
import { loadDemoData } from '../../../gateway/start/demo-data.js'
import { startGateway, type TestApp, type TestGateway } from '../../harness.js'
import { provideSqlite } from '../../servers/databases.js'

/** A development server as a newcomer has it, on SQLite. */
export interface DemoServer {
  readonly gateway: TestGateway
  /** The demo application that is granted everything. */
  readonly app: TestApp
  /** Another of scheme hmac-sha256. */
  readonly newerApp: TestApp
  /** A token of a new session of user 12345, who is an administrator. */
  startSession(): Promise<string>
  close(): Promise<void>
}

const administrator = 12345

export async function startDemoServer(): Promise<DemoServer> {
  const database = await provideSqlite('migrated')
  const gateway = await startGateway(database, { NODE_ENV: 'development', LOG_LEVEL: 'silent' })
  const { db, services, clock } = gateway
  // The harness has registered an application; demo data come into an empty database only.
  await db('client_app').delete()
  const demoApps = await loadDemoData(services)
  const secret = demoApps.find(({ name }) => name === 'internal')?.secret ?? ''
  const role = (await listRoles(db)).find(({ user_role_name }) => user_role_name === '管理员')
  await saveAdmin(db, {
    user_id: administrator,
    user_role_id: role?.user_role_id ?? 0,
    user_admin_ctime: clock.now(),
  })
  return {
    gateway,
    app: { name: 'internal', secret, scheme: 'legacy' },
    newerApp: await gateway.addApp({ name: 'newer', scheme: 'hmac-sha256', grants: ['*'] }),
    async startSession() {
      const generation = (await findCredentials(db, administrator))?.session_generation ?? 0
      return services.sessions.start(db, { userId: administrator, generation, app: 'web', ip: '127.0.0.1' })
    },
    async close() {
      await gateway.close()
      await database.remove()
    },
  }
}
