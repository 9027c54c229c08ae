import { setTimeout as sleep } from 'node:timers/promises'
import { compareAnswers } from '../compare/compare-answers.js'
import type { Noise } from '../compare/noise.js'
import type { Tally } from '../report/tally.js'
import type { RecordKey } from '../record/key.js'
import { type ReadCall, readRecord } from '../record/files.js'
import { createRedaction, type Redaction } from '../traffic/redaction.js'
import { createKnownValues, type KnownValues } from './known-values.js'
import { createLaneRunner, createLanes, type Lanes } from './lanes.js'
import { prepareCall } from './prepare-call.js'
import { createSender, type Sender } from './send-call.js'

export interface ReplayOptions {
  readonly files: readonly string[]
  readonly key: RecordKey
  /** The server that is asked: its address, with a path in front of every call's or without. */
  readonly against: URL
  /** Values of the database that it works on. */
  readonly values: readonly string[]
  readonly secrets: ReadonlyMap<string, string>
  readonly wants: (method: string) => boolean
  readonly concurrency: number
  /** 1 for the recorded pace, 2 for twice as fast; undefined for as fast as it goes. */
  readonly pace: number | undefined
  readonly noise: Noise
  /** Whether every difference is learned as noise: the old server against itself. */
  readonly learns: boolean
  readonly tally: Tally
  readonly progress?: (done: number, total: number) => void
}

interface Replay extends Omit<ReplayOptions, 'files' | 'key'> {
  readonly redaction: Redaction
  readonly known: KnownValues
  readonly sender: Sender
}

/** Makes recorded calls again, each user's in their order, and counts how the answers differ. */
export async function replay(options: ReplayOptions): Promise<void> {
  const { files, key, against, concurrency, wants, progress } = options
  const lanes = createLanes()
  const total = await joinLanes(options, lanes)
  const redaction = createRedaction(key.bytes)
  const known = createKnownValues(redaction.pseudonym, options.values)
  const sender = createSender(against, concurrency)
  const run: Replay = { ...options, redaction, known, sender }
  const runner = createLaneRunner(concurrency)
  const waitFor = createPace(options.pace)
  let done = 0
  try {
    for await (const call of readRecord(files, key.fingerprint)) {
      if (!wants(call.method)) continue
      await waitFor(call.moment)
      await runner.add(lanes.laneOf(call.owners), async () => {
        await replayCall(call, run)
        progress?.(++done, total)
      })
    }
    await runner.done()
  } finally {
    sender.close()
  }
}

async function joinLanes({ files, key, wants }: ReplayOptions, lanes: Lanes): Promise<number> {
  let total = 0
  for await (const call of readRecord(files, key.fingerprint)) {
    // Calls that are not made tell too which names are one user's.
    lanes.join(call.owners)
    if (wants(call.method)) total++
  }
  return total
}

/** Waits until a moment of the record has come again. */
function createPace(pace: number | undefined): (moment: number) => Promise<void> {
  if (pace === undefined) return () => Promise.resolve()
  const began = performance.now()
  let first: number | undefined
  return async (moment) => {
    first ??= moment
    const wait = (moment - first) / pace - (performance.now() - began)
    if (wait > 0) await sleep(wait)
  }
}

async function replayCall(call: ReadCall, run: Replay): Promise<void> {
  const { tally, known, redaction, noise, learns } = run
  const prepared = prepareCall(call, run)
  if ('leftOut' in prepared) return tally.leftOut(call.method, prepared.leftOut)
  let sent
  try {
    sent = await run.sender.send(prepared)
  } catch (error) {
    const reason =
      error instanceof Error ? ('code' in error ? String(error.code) : error.message) : String(error)
    return tally.failed(call.method, reason)
  }
  const { body } = call.answer
  if ('text' in body && sent.answer.body) known.learn(body.text, sent.answer.body.toString('utf8'))
  const differences = compareAnswers(call.answer, redaction.answer(sent.answer, known.pseudonym))
  if (learns) for (const difference of differences) noise.learn(call.method, difference)
  const left = noise.without(call.method, differences)
  tally.compared(call.method, left, { recorded: call.took, came: sent.took })
}
