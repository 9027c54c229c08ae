import { findProgram, runToEnd } from '../test/servers/processes/process.js'
import { pinTo } from './contestant.js'
import { benchFolder } from './folders.js'
import { join } from 'node:path'

/** What wrk saw. */
export interface Load {
  readonly requests: number
  /** Refused connections, broken reads and writes, time-outs, answers that are not 2xx or 3xx or not what they must hold. */
  readonly errors: number
  readonly perSecond: number
  readonly p50Milliseconds: number
  readonly p99Milliseconds: number
}

export interface LoadPlan {
  readonly url: string
  /** File with the request targets, one a line. */
  readonly targetsFile: string
  readonly seconds: number
  readonly core?: number
  /** Text that each answer must hold; absent: only its status is looked at. */
  readonly holds?: string
}

/** Connections kept alive by each load generator. */
const connections = 64

const script = join(benchFolder, 'load.lua')

/** Loads a server for some seconds over `connections` connections. Throws when wrk says nothing of use. */
export async function load({ url, targetsFile, seconds, core, holds }: LoadPlan): Promise<Load> {
  const wrk = [findProgram('wrk') ?? 'wrk', '-t1', `-c${connections}`, `-d${seconds}s`, '--timeout', '10s']
  const told = holds === undefined ? [targetsFile] : [targetsFile, holds]
  const [command = '', ...args] = [...pinTo(core), ...wrk, '-s', script, url, '--', ...told]
  const output = await runToEnd({ command, args })
  const found = /^LOAD (\d+) (\d+) (\d+) (\d+) (\d+)$/m.exec(output)
  if (!found) throw new Error(`wrk did not report:\n${output}`)
  const [requests = 0, errors = 0, duration = 0, p50 = 0, p99 = 0] = found.slice(1).map(Number)
  const perSecond = requests / (duration / 1e6)
  return { requests, errors, perSecond, p50Milliseconds: p50 / 1000, p99Milliseconds: p99 / 1000 }
}
