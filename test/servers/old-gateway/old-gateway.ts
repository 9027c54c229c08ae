import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { projectRoot } from '../../whole/architecture/source-tree.js'
import { makePrivateFolder, removePrivateFolder } from '../processes/leftovers.js'
import { freePort, startProcess } from '../processes/process.js'
import { makeOldUsers, type OldUser, stateOf } from './old-users.js'

/** Ways in which the old server can be made to differ from itself: each is one that the wire knows, or PHP. */
export type Plantable =
  | 'escaped-slashes'
  | 'escaped-unicode'
  | 'text-for-number'
  | 'list-for-object'
  | 'number-form'
  | 'missing-for-null'
  | 'key-order'
  | 'text'
  | 'code'
  | 'date-form'
  | 'date-zone'
  | 'status'
  | 'header'
  | 'byte-order-mark'
  | 'trailing-blank'

/** A user's password as both servers store it. */
export interface StoredRow {
  readonly uid: number
  readonly hash: string
  readonly salt: string
}

/** A passport gateway in PHP, which shares no line with ours. */
export interface OldGateway {
  readonly url: string
  readonly users: readonly OldUser[]
  /** Secrets of its applications, all of the legacy scheme. */
  readonly apps: Readonly<Record<string, string>>
  /** Makes it differ in these ways from now on, and in no others. */
  plant(differences: readonly Plantable[]): void
  /** Puts its state back to that of its start. */
  restore(): void
  /** Stores passwords in it, as a server that shares its table does. */
  storePasswords(rows: readonly StoredRow[]): void
  /** What it last sent to an address: a code or a mail token. */
  lastSent(address: string): string
  stop(): Promise<void>
}

/** Starts one with four workers. `php` is the path that `requireProgram` gives. */
export async function startOldGateway(php: string, userCount = 20): Promise<OldGateway> {
  const folder = makePrivateFolder('old-gateway')
  const users = makeOldUsers(userCount)
  const apps = { h5: 'abcdef0123456789abcdef0123456789', android: '9876543210fedcba9876543210fedcba' }
  const plant = (differences: readonly Plantable[]) =>
    writeFileSync(join(folder, 'differences.json'), JSON.stringify(differences))
  const restore = () => writeFileSync(join(folder, 'state.json'), JSON.stringify(stateOf(users, apps)))
  plant([])
  restore()
  const port = await freePort()
  const script = join(projectRoot(), 'test/servers/old-gateway/gateway.php')
  const running = await startProcess(
    {
      command: php,
      args: ['-q', '-d', 'display_errors=0', '-S', `127.0.0.1:${port}`, script],
      env: { ...process.env, OLD_GATEWAY_STATE: folder, PHP_CLI_SERVER_WORKERS: '4' },
    },
    async () => (await fetch(`http://127.0.0.1:${port}/gateway`)).status === 404,
  )
  return {
    url: `http://127.0.0.1:${port}`,
    users,
    apps,
    plant,
    restore,
    storePasswords: (rows) => storePasswords(join(folder, 'state.json'), rows),
    lastSent: (address) => lastSent(folder, address),
    async stop() {
      // Its workers are processes of their own, which outlive the first at a SIGTERM.
      await running.kill()
      await removePrivateFolder(folder)
    },
  }
}

function lastSent(folder: string, address: string): string {
  const file = join(folder, 'sent.txt')
  const lines = existsSync(file) ? readFileSync(file, 'utf8').split('\n') : []
  const last = lines.filter((line) => line.startsWith(`${address} `)).at(-1)
  if (last === undefined) throw new Error(`nothing was sent to ${address}`)
  return last.slice(address.length + 1)
}

/** To be called while nobody asks the server: it is not locked out meanwhile. */
function storePasswords(file: string, rows: readonly StoredRow[]): void {
  const state = JSON.parse(readFileSync(file, 'utf8')) as { users: Record<number, object> }
  for (const { uid, hash, salt } of rows) Object.assign(state.users[uid] ?? {}, { hash, salt })
  writeFileSync(file, JSON.stringify(state))
}
