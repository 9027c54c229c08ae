import { cp } from 'node:fs/promises'
import { join } from 'node:path'
import type { Certificate } from './certificates.js'
import { asRoot, createDatabase, installMariadb, requiredPath, serverOptions } from '../mariadb.js'
import { makePrivateFolder, removePrivateFolder } from '../processes/leftovers.js'
import { freePort, startProcess } from '../processes/process.js'
import { madeOnce } from '../run-folder.js'

/** A MariaDB server that speaks TLS. */
export interface TlsMariadb {
  readonly port: number
  /** Makes a database; the path of its URL. */
  createDatabase(): Promise<string>
  /** Runs SQL as its administrator. */
  run(sql: string): Promise<void>
  stop(): Promise<void>
}

/** Starts one on a free port of loopback, with its own certificate and the authority of clients' ones. */
export async function startTlsMariadb(own: Certificate, authority: Certificate): Promise<TlsMariadb> {
  const folder = makePrivateFolder('mariadb-tls')
  const data = join(folder, 'data')
  await cp(await madeOnce('mariadb', installMariadb), data, { recursive: true })
  const port = await freePort()
  const tls = ['--ssl', `--ssl-cert=${own.cert}`, `--ssl-key=${own.key}`, `--ssl-ca=${authority.cert}`]
  const args = ['--no-defaults', ...serverOptions(data, port), ...tls]
  const run = (sql: string) => asRoot(port, async (root) => void (await root.query(sql)))
  const server = await startProcess({ command: requiredPath('mariadbd'), args, cwd: data }, async () => {
    await run('SELECT 1')
    return true
  })
  return {
    port,
    createDatabase: async () => new URL(await createDatabase(port, '')).pathname,
    run,
    async stop() {
      await server.stop()
      await removePrivateFolder(folder)
    },
  }
}
