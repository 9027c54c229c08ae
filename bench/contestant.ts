import { readFileSync } from 'node:fs'
import { freePort, type RunningProcess, startProcess } from '../test/servers/processes/process.js'

/** A server to measure. */
export type Contestant = NodeContestant | OtherContestant

/** A module of ours or a peer's, and the core it is held to (none: it may use all). */
interface NodeContestant {
  readonly name: string
  readonly module: string
  readonly args?: readonly string[]
  readonly env?: NodeJS.ProcessEnv
  readonly core?: number
  /** Processes whose CPU counts as the server's, as that of its database. */
  readonly besides?: readonly number[]
}

/** What is no Node.js, and is started in its own way. */
interface OtherContestant {
  readonly name: string
  readonly core?: number
  readonly start: (core: number | undefined) => Promise<RunningContestant>
}

/** A contestant that answers. */
export interface RunningContestant {
  readonly name: string
  /** Of the server and, where there are several, of all its processes. */
  readonly pids: readonly number[]
  readonly port: number
  readonly url: string
  stop(): Promise<void>
}

/** Starts a server on a free port, its standard output (the access log) going to /dev/null. */
export async function startContestant(contestant: Contestant): Promise<RunningContestant> {
  if ('start' in contestant) return contestant.start(contestant.core)
  const { name, module, args = [], env = {}, core, besides = [] } = contestant
  const port = await freePort()
  const url = `http://127.0.0.1:${port}`
  // The shell and taskset are replaced by node, so the process started is the server itself.
  const node = [...pinTo(core), process.execPath, module, ...args]
  const running: RunningProcess = await startProcess(
    {
      command: 'sh',
      args: ['-c', 'exec "$@" >/dev/null', 'sh', ...node],
      env: { ...process.env, NODE_ENV: 'production', ...env, PORT: String(port) },
    },
    async () => (await fetch(`${url}/gateway`)).status > 0,
  )
  return { name, pids: [running.pid, ...besides], port, url, stop: async () => void (await running.stop()) }
}

/** What stands before a command to hold it to a core; nothing where there is none. */
export function pinTo(core: number | undefined): string[] {
  return core === undefined ? [] : ['taskset', '-c', String(core)]
}

/** Clock ticks a second in /proc, the same on every Linux system. */
const ticksPerSecond = 100

/** Seconds of CPU, user and system, that processes with all their threads have used. */
export function readCpuSeconds(pids: readonly number[]): number {
  return sumOf(pids, cpuSecondsOf)
}

const sumOf = (pids: readonly number[], read: (pid: number) => number) =>
  pids.reduce((sum, pid) => sum + read(pid), 0)

function cpuSecondsOf(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
  // The name in brackets may hold spaces; what follows it starts with field 3.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return (Number(fields[11]) + Number(fields[12])) / ticksPerSecond
}

/** Resident memory of processes in MiB. */
export function readRss(pids: readonly number[]): number {
  return sumOf(pids, rssOf)
}

function rssOf(pid: number): number {
  const [, kibibytes = 'NaN'] = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? []
  return Number(kibibytes) / 1024
}
