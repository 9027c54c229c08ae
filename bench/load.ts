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
  readonly p999Milliseconds: number
}

export interface LoadPlan {
  readonly url: string
  /** File with the request targets, one a line. */
  readonly targetsFile: string
  readonly seconds: number
  readonly core?: number
  /** Text that each answer must hold; absent: only its status is looked at. */
  readonly holds?: string
  /**
   * So many calls a second, by callers of whom each pauses between its calls: however slow an answer is, the others go on
   * calling. Absent: as many calls as are answered.
   */
  readonly pace?: number
}

/** Connections kept alive by each load generator. */
const connections = 64

/** Milliseconds between two calls of one caller at a pace, in the middle: long beside what an answer takes. */
const pause = 200

const script = join(benchFolder, 'load.lua')

/** Loads a server for some seconds over `connections` connections, or at a pace. Throws when wrk says nothing of use. */
export async function load({ url, targetsFile, seconds, core, holds = '', pace }: LoadPlan): Promise<Load> {
  const callers = pace === undefined ? connections : Math.ceil((pace * pause) / 1000)
  const wrk = [findProgram('wrk') ?? 'wrk', '-t1', `-c${callers}`, `-d${seconds}s`, '--timeout', '10s']
  const told = [targetsFile, holds, ...(pace === undefined ? [] : [String(pause)])]
  const [command = '', ...args] = [...pinTo(core), ...wrk, '-s', script, url, '--', ...told]
  const output = await runToEnd({ command, args })
  const found = /^LOAD (\d+) (\d+) (\d+) (\d+) (\d+) (\d+)$/m.exec(output)
  if (!found) throw new Error(`wrk did not report:\n${output}`)
  const [requests = 0, errors = 0, duration = 0, ...quantiles] = found.slice(1).map(Number)
  const perSecond = requests / (duration / 1e6)
  const [p50Milliseconds = 0, p99Milliseconds = 0, p999Milliseconds = 0] = quantiles.map(
    (time) => time / 1000,
  )
  return { requests, errors, perSecond, p50Milliseconds, p99Milliseconds, p999Milliseconds }
}
