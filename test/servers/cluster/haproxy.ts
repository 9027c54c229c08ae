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
  return start(`haproxy-${form}.cfg`, (port) => beforeDatabases(port, ports))
}

function beforeDatabases(port: number, databases: readonly number[]): readonly (readonly [string, string])[] {
  return [
    ['bind 127.0.0.1:3306', `bind 127.0.0.1:${port}`],
    ...databases.map((own, at) => [`10.0.0.2${at + 1}:3306`, `127.0.0.1:${own}`] as const),
  ]
}

/** Two that tell each other who the writer is, each on a machine of its own. */
export async function startWriterProxies(ports: readonly number[]): Promise<readonly [Haproxy, Haproxy]> {
  const own = [await freePort(), await freePort()]
  const startPeer = (name: string) =>
    start(
      'haproxy-one-writer.cfg',
      (port) => [
        ...beforeDatabases(port, ports),
        [
          '#peers writers\n#    peer gateway1 10.0.0.11:1024',
          `peers writers\n    peer gateway1 127.0.0.1:${own[0]}`,
        ],
        ['#    peer gateway2 10.0.0.12:1024', `    peer gateway2 127.0.0.1:${own[1]}`],
        ['nopurge #peers writers', 'nopurge peers writers'],
      ],
      name,
    )
  return [await startPeer('gateway1'), await startPeer('gateway2')]
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
  machine = 'localhost',
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
      { command: requiredPath('haproxy'), args: ['-db', '-L', machine, '-f', file], cwd: folder },
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
