import { writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { readDeployDocument } from '../deploy-documents.js'
import { requiredPath } from '../mariadb.js'
import { makePrivateFolder, removePrivateFolder } from '../processes/leftovers.js'
import { freePort, startProcess } from '../processes/process.js'

/** The real HAProxy with a configuration of docs/deploy. */
export interface Haproxy {
  readonly port: number
  /** `UP`, `DOWN` or a word with more about it, and the connections of a server now. */
  servers(): Promise<Record<string, { readonly status: string; readonly connections: number }>>
  stop(): Promise<void>
}

/** The forms of HAProxy before databases. */
export const databaseForms = ['one-writer', 'all-writers'] as const
export type DatabaseForm = (typeof databaseForms)[number]

/** Starts it before three databases, each given by its port of loopback. */
export function startDatabaseProxy(form: DatabaseForm, ports: readonly number[]): Promise<Haproxy> {
  return start(`haproxy-${form}.cfg`, (port) => [
    ['bind 127.0.0.1:3306', `bind 127.0.0.1:${port}`],
    ...ports.map((own, at) => [`10.0.0.2${at + 1}:3306`, `127.0.0.1:${own}`] as const),
  ])
}

/** Starts it before three gateway nodes, likewise. */
export function startGatewayProxy(ports: readonly number[]): Promise<Haproxy> {
  return start('haproxy-nodes.cfg', (port) => [
    ['bind :443 ssl crt /etc/haproxy/passport.example.com.pem', `bind 127.0.0.1:${port}`],
    ...ports.flatMap((own, at) =>
      [`node${at + 1}`, `node${at + 1}-anyway`].map(
        (name) => [`${name} 10.0.0.1${at + 1}:8080`, `${name} 127.0.0.1:${own}`] as const,
      ),
    ),
  ])
}

/** As documented, but for addresses, TLS, its user and where its socket is. */
async function start(
  document: string,
  changesAt: (port: number) => readonly (readonly [string, string])[],
): Promise<Haproxy> {
  const folder = makePrivateFolder('haproxy')
  const port = await freePort()
  const socket = join(folder, 'admin.sock')
  const file = join(folder, document)
  const site = readDeployDocument(document, [
    ...changesAt(port),
    ['    user haproxy\n    group haproxy\n', ''],
    ['stats socket /run/haproxy/admin.sock', `stats socket ${socket}`],
  ])
  writeFileSync(file, site)
  try {
    const running = await startProcess(
      { command: requiredPath('haproxy'), args: ['-db', '-f', file], cwd: folder },
      async () => Object.values(await readServers(socket)).some(({ status }) => status.startsWith('UP')),
    )
    return {
      port,
      servers: () => readServers(socket),
      async stop() {
        await running.kill()
        await removePrivateFolder(folder)
      },
    }
  } catch (error) {
    await removePrivateFolder(folder)
    throw error
  }
}

async function readServers(socket: string): ReturnType<Haproxy['servers']> {
  const connection = connect(socket)
  connection.end('show stat\n')
  const [head = '', ...lines] = (await text(connection)).trim().split('\n')
  const columns = head.replace(/^# /, '').split(',')
  const rows = lines.map((line) => {
    const values = line.split(',')
    return Object.fromEntries(columns.map((column, at) => [column, values[at] ?? '']))
  })
  const servers = rows.filter((row) => !['FRONTEND', 'BACKEND'].includes(row['svname'] ?? ''))
  return Object.fromEntries(
    servers.map((row) => [
      row['svname'] ?? '',
      { status: row['status'] ?? '', connections: Number(row['scur']) },
    ]),
  )
}
