import { randomBytes } from 'node:crypto'
import { hostname } from 'node:os'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import type { Knex } from 'knex'
import { type NodeMinuteRow, saveNodeMinute } from '../../../db/node-minutes.js'
import { transaction } from '../../../db/transaction.js'
import type { Clock } from '../clock.js'
import { differenceOf, type Figures, noFigures, readFigures } from './figures.js'
import { describeError, type Log } from './log.js'
import type { Metrics } from './metrics.js'
import { packageVersion } from './own-package.js'

/** What a row of a minute holds besides who wrote it. */
export interface MinuteFigures extends Figures {
  /** Resident memory, in bytes. */
  readonly memory: number
  /** How late the event loop was, in milliseconds: 99 of 100 times it was less. */
  readonly lag: number
}

/** Tells what this process does, a row a minute, so that any node can show what all do. */
export interface NodeMinutes {
  readonly nodeId: string
  readonly nodeName: string
  /** What is counted and not written yet, as of now. */
  unwritten(): Promise<NodeMinuteRow>
  /** Writes what was counted since the last time. What can't be written stays for the next time. */
  write(): Promise<void>
  /** Writes the rest, as the last of this node; no longer by itself. */
  close(): Promise<void>
}

interface Dependencies {
  readonly db: Knex
  readonly clock: Clock
  readonly log: Log
  readonly metrics: Metrics
  /** Whether rows are written at all. */
  readonly isOn: boolean
}

export const minuteMilliseconds = 60_000
/** A timer that fires so early still ends the minute that it was set for. */
const earliest = 1000
/** Coarse: the loop is not to be woken often to be measured. */
const lagResolution = 100

export function createNodeMinutes({ db, clock, log, metrics, isOn }: Dependencies): NodeMinutes {
  const node = {
    node_id: randomBytes(8).toString('hex'),
    node_name: `${hostname()}:${process.pid}`.slice(-100),
    version: packageVersion(),
    started_at: clock.now(),
  }
  const lag = monitorEventLoopDelay({ resolution: lagResolution })
  /** What the last row said: `before` was counted before the minute of it, `upTo` with it. */
  let written = { minute: 0, before: noFigures, upTo: noFigures, at: node.started_at }
  let timer: NodeJS.Timeout | undefined

  const rowOf = (minute: number, counted: Figures): NodeMinuteRow => {
    const figures: MinuteFigures = {
      ...counted,
      memory: process.memoryUsage.rss(),
      lag: lag.count === 0 ? 0 : Math.max(0, Math.round(lag.percentile(99) / 1e6) - lagResolution),
    }
    return { ...node, minute, written_at: clock.now(), is_last: 0, figures: JSON.stringify(figures) }
  }
  const writeRow = async (is_last: number) => {
    const upTo = await readFigures(metrics.registry)
    const minute = minuteOf(written.at, clock.now())
    // A second row of a minute stands for both.
    const before = minute === written.minute ? written.before : written.upTo
    const row = { ...rowOf(minute, differenceOf(upTo, before)), is_last }
    await transaction({ db }, ({ db }) => saveNodeMinute(db, row))
    written = { minute, before, upTo, at: row.written_at }
    lag.reset()
  }
  const writeOrTell = (isLast: number) =>
    writeRow(isLast).catch((error: unknown) =>
      log.warn({ reason: String(describeError(error)['code']) }, 'what this node did could not be written'),
    )
  const schedule = () => {
    const rest = minuteMilliseconds - (clock.now() % minuteMilliseconds)
    const work = () => void writeOrTell(0).finally(() => timer && schedule())
    timer = setTimeout(work, rest < earliest ? rest + minuteMilliseconds : rest).unref()
  }
  if (isOn) {
    lag.enable()
    schedule()
  }
  return {
    nodeId: node.node_id,
    nodeName: node.node_name,
    async unwritten() {
      const counted = differenceOf(await readFigures(metrics.registry), written.upTo)
      return rowOf(minuteOf(written.at, clock.now()), counted)
    },
    write: () => writeRow(0),
    async close() {
      clearTimeout(timer)
      timer = undefined
      lag.disable()
      if (isOn) await writeOrTell(1)
    },
  }
}

/** The minute that a row counts for: the one that most of the time since the last row lies in, and never an old one. */
function minuteOf(since: number, now: number): number {
  const middle = now - Math.min(minuteMilliseconds / 2, (now - since) / 2)
  return Math.floor(middle / minuteMilliseconds) * minuteMilliseconds
}
