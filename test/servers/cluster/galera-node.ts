import { statSync, writeFileSync } from 'node:fs'
import { cp, mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { RowDataPacket } from 'mysql2'
import { readDeployDocument } from '../deploy-documents.js'
import { asRoot, installMariadb, requiredPath, serverOptions } from '../mariadb.js'
import { findProgram, freePort, type RunningProcess, runToEnd, startProcess } from '../processes/process.js'
import { madeOnce } from '../run-folder.js'

/** How a node that was away comes back: by what it has missed, or by a copy of another node's data. */
type Rejoining = 'IST' | 'SST'

/** A MariaDB server with Galera. */
export interface GaleraNode {
  readonly name: string
  readonly port: number
  readonly pid: number
  /** What it has written to its log each time it was started (the end of it). */
  logs(): readonly string[]
  /** Ends it as a crash would. */
  kill(): Promise<void>
  /** Stands still, as a machine does that swaps: connections stay open, nothing is answered. */
  pause(): void
  resume(): void
  /** Has its tables find no more room than they have, as on a full disk, until it is started anew. */
  fillDisk(): Promise<void>
  /** Starts it again after its end, and waits until it is synced. */
  rejoin(how: Rejoining): Promise<void>
  /** A line of `SHOW STATUS`. */
  status(name: string): Promise<string | undefined>
  /** SIGTERM. */
  stop(): Promise<void>
}

/** Ports of loopback: for the other nodes, for what it has missed, and for a copy. */
export interface GaleraPorts {
  readonly sql: number
  readonly group: number
  readonly ist: number
  readonly sst: number
}

interface NodeSettings {
  readonly name: string
  readonly folder: string
  readonly ports: GaleraPorts
  /** The group's ports of all nodes. */
  readonly members: readonly number[]
}

const JOIN_TIMEOUT_MS = 90_000

/**
 * Read by the shell script that copies a node's data. Started by root, as in a container, rsync would serve as nobody, who
 * may not write them: here it stays who it is.
 */
const rsyncAsItself = `rsync() {
  case " $* " in
    *" --daemon "*) exec rsync "$@" --dparam=uid=$(id -u) --dparam=gid=$(id -g) ;;
    *) command rsync "$@" ;;
  esac
}
`
const bashFile = 'rsync.bash'

export async function choosePorts(): Promise<GaleraPorts> {
  return { sql: await freePort(), group: await freePort(), ist: await freePort(), sst: await freePort() }
}

/** Starts a node with the configuration of docs/deploy; the first one makes the cluster, the others join it. */
export async function startGaleraNode(settings: NodeSettings, isFirst: boolean): Promise<GaleraNode> {
  const { name, folder, ports } = settings
  const data = join(folder, 'data')
  // Of one history, so that the nodes need no copy of each other's data to begin with.
  await cp(join(await madeOnce('galera', installGalera), 'data'), data, { recursive: true })
  writeConfiguration(settings)
  const start = (...more: string[]) => launch(settings, more)
  let server = await start(...(isFirst ? ['--wsrep-new-cluster'] : []))
  const servers = [server]
  const goOn = (next: RunningProcess) => {
    servers.push(next)
    server = next
  }
  return {
    name,
    port: ports.sql,
    get pid() {
      return server.pid
    },
    logs: () => servers.map((each) => each.output()),
    kill: async () => void (await server.kill()),
    pause: () => process.kill(server.pid, 'SIGSTOP'),
    resume: () => process.kill(server.pid, 'SIGCONT'),
    async fillDisk() {
      const { size } = statSync(join(data, 'ibdata1'))
      await runToEnd({
        command: findProgram('prlimit') ?? 'prlimit',
        args: [`--pid=${server.pid}`, `--fsize=${size}:unlimited`],
      })
    },
    async rejoin(how) {
      if (how === 'IST') goOn(await start(`--wsrep-start-position=${await recoverPosition(settings)}`))
      else {
        await rm(data, { recursive: true })
        await cp(await madeOnce('mariadb', installMariadb), data, { recursive: true })
        goOn(await start())
      }
    },
    status: (variable) => readStatus(ports.sql, variable),
    stop: async () => void (await server.stop()),
  }
}

/** Makes the folder of a node that has begun a cluster and left it again. */
async function installGalera(folder: string): Promise<void> {
  await mkdir(folder)
  await cp(await madeOnce('mariadb', installMariadb), join(folder, 'data'), { recursive: true })
  const ports = await choosePorts()
  const settings = { name: 'first', folder, ports, members: [ports.group] }
  writeConfiguration(settings)
  const server = await launch(settings, ['--wsrep-new-cluster'])
  await server.stop(JOIN_TIMEOUT_MS)
}

function writeConfiguration(settings: NodeSettings): void {
  writeFileSync(join(settings.folder, 'galera.cnf'), configuration(settings))
  writeFileSync(join(settings.folder, bashFile), rsyncAsItself)
}

function configuration({ ports, members }: NodeSettings): string {
  const own = `gmcast.listen_addr=tcp://127.0.0.1:${ports.group};ist.recv_addr=127.0.0.1:${ports.ist};`
  return readDeployDocument('galera.cnf', [
    ['10.0.0.21,10.0.0.22,10.0.0.23', members.map((port) => `127.0.0.1:${port}`).join()],
    ['wsrep_node_address = 10.0.0.21', `wsrep_node_address = 127.0.0.1:${ports.group}`],
    ['wsrep_provider_options = "', `wsrep_provider_options = "${own}`],
    // Kept beside the data, of which there are three here.
    ['gcache.size=256M', 'gcache.size=32M'],
  ])
}

function argumentsOf({ name, folder, ports }: NodeSettings): string[] {
  return [
    `--defaults-file=${join(folder, 'galera.cnf')}`,
    ...serverOptions(join(folder, 'data'), ports.sql),
    `--wsrep-node-name=${name}`,
    `--wsrep-sst-receive-address=127.0.0.1:${ports.sst}`,
  ]
}

function launch(settings: NodeSettings, more: readonly string[]): Promise<RunningProcess> {
  const options = {
    // A write past a limit of `fillDisk` is refused with an error, as one on a full disk, and not by a signal that ends all.
    command: '/usr/bin/env',
    args: ['--ignore-signal=XFSZ', requiredPath('mariadbd'), ...argumentsOf(settings), ...more],
    cwd: settings.folder,
    env: { ...process.env, BASH_ENV: join(settings.folder, bashFile) },
  }
  return startProcess(options, () => isSynced(settings.ports.sql), JOIN_TIMEOUT_MS)
}

/** Where the data of a node ends that crashed, as systemd's unit asks too. */
async function recoverPosition(settings: NodeSettings): Promise<string> {
  const output = await runToEnd({
    command: requiredPath('mariadbd'),
    args: [...argumentsOf(settings), '--wsrep-recover'],
    cwd: settings.folder,
  })
  const position = /Recovered position:\s*(\S+)/.exec(output)?.[1]
  if (position === undefined) throw new Error(`${settings.name} does not say where its data end: ${output}`)
  return position
}

async function isSynced(port: number): Promise<boolean> {
  return (
    (await readStatus(port, 'wsrep_ready')) === 'ON' && (await readStatus(port, 'wsrep_local_state')) === '4'
  )
}

function readStatus(port: number, name: string): Promise<string | undefined> {
  return asRoot(port, async (root) => {
    const [rows] = await root.query<RowDataPacket[]>('SHOW GLOBAL STATUS LIKE ?', [name])
    return rows[0]?.['Value'] as string | undefined
  })
}
