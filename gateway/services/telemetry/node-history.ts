import type { Knex } from 'knex'
import { listNodeMinutes, type NodeMinuteRow } from '../../../db/node-minutes.js'
import type { Clock } from '../clock.js'
import { type Figures, sumOf } from './figures.js'
import { minuteMilliseconds, type MinuteFigures, type NodeMinutes } from './node-minutes.js'

/** A process that served within the last day. */
export interface NodeState {
  readonly id: string
  readonly name: string
  readonly version: string
  /** Milliseconds since 1970, as is `seenAt`: its last sign of life. */
  readonly startedAt: number
  readonly seenAt: number
  /** `gone`: it has been silent for three minutes and did not say that it stops. */
  readonly state: 'live' | 'stopped' | 'gone'
  readonly memory: number
  readonly lag: number
}

/** What all nodes did within the last day. */
interface NodeHistory {
  readonly nodes: readonly NodeState[]
  /** By the time that a minute began. */
  readonly minutes: ReadonlyMap<number, Figures>
}

/** Sums up what nodes have written. Minutes that no node writes any more are read once and kept, until nobody asks. */
export interface NodeHistories {
  read(): Promise<NodeHistory>
}

const dayMilliseconds = 86_400_000
/** No row comes so late: what a node could not write it adds to its next minute. */
const settled = 3 * minuteMilliseconds
const silence = 3 * minuteMilliseconds
/** Minutes that are read at once: a whole day of many nodes is much for one answer of the database. */
const atOnce = 60 * minuteMilliseconds

type Known = Omit<NodeState, 'state'> & { readonly isLast: boolean }

export function createNodeHistories({
  db,
  clock,
  nodeMinutes,
}: {
  readonly db: Knex
  readonly clock: Clock
  readonly nodeMinutes: NodeMinutes
}): NodeHistories {
  const kept = { minutes: new Map<number, Figures>(), nodes: new Map<string, Known>(), upTo: 0 }

  const read = async (): Promise<NodeHistory> => {
    const now = clock.now()
    const first = minuteBefore(now - dayMilliseconds)
    forget(kept, first)
    const minutes = new Map(kept.minutes)
    const nodes = new Map(kept.nodes)
    for (let from = Math.max(first, kept.upTo); from <= now; from += atOnce) {
      const rows = await listNodeMinutes(db, { from, until: from + atOnce })
      addRows(rows, minutes, nodes)
    }
    keep(kept, { minutes, nodes, upTo: minuteBefore(now - settled) })
    const own = await nodeMinutes.unwritten()
    addNode(nodes, own)
    const states = [...nodes.values()].map((node) => stateOf(node, now))
    // Of several nodes the others' current minute is not known, and the sum would be another at each of them.
    if (states.filter(({ state }) => state === 'live').length === 1) addRows([own], minutes, nodes)
    return { nodes: states, minutes }
  }
  let reading: Promise<NodeHistory> | undefined
  return {
    read() {
      reading ??= read().finally(() => (reading = undefined))
      return reading
    },
  }
}

interface Kept {
  minutes: Map<number, Figures>
  nodes: Map<string, Known>
  /** The minutes before it are known. */
  upTo: number
}

function forget(kept: Kept, first: number): void {
  for (const minute of kept.minutes.keys()) if (minute < first) kept.minutes.delete(minute)
  for (const [id, { seenAt }] of kept.nodes) if (seenAt < first) kept.nodes.delete(id)
}

function keep(kept: Kept, { minutes, nodes, upTo }: Kept): void {
  kept.minutes = new Map([...minutes].filter(([minute]) => minute < upTo))
  kept.nodes = new Map(nodes)
  kept.upTo = upTo
}

function addRows(
  rows: readonly NodeMinuteRow[],
  minutes: Map<number, Figures>,
  nodes: Map<string, Known>,
): void {
  const byMinute = new Map<number, Figures[]>()
  for (const row of rows) {
    const minute = row.minute
    const figures: MinuteFigures = JSON.parse(row.figures)
    byMinute.set(minute, [...(byMinute.get(minute) ?? []), figures])
    addNode(nodes, row)
  }
  for (const [minute, figures] of byMinute) {
    const known = minutes.get(minute)
    minutes.set(minute, sumOf(known ? [known, ...figures] : figures))
  }
}

function addNode(nodes: Map<string, Known>, row: NodeMinuteRow): void {
  const seenAt = row.written_at
  if ((nodes.get(row.node_id)?.seenAt ?? 0) > seenAt) return
  const { memory, lag }: MinuteFigures = JSON.parse(row.figures)
  nodes.set(row.node_id, {
    id: row.node_id,
    name: row.node_name,
    version: row.version,
    startedAt: row.started_at,
    seenAt,
    memory,
    lag,
    isLast: Boolean(row.is_last),
  })
}

function stateOf({ isLast, ...node }: Known, now: number): NodeState {
  if (isLast) return { ...node, state: 'stopped' }
  return { ...node, state: now - node.seenAt > silence ? 'gone' : 'live' }
}

function minuteBefore(moment: number): number {
  return Math.floor(moment / minuteMilliseconds) * minuteMilliseconds
}
