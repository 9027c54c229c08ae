import type { Knex } from 'knex'
import {
  type DeliveryChannel,
  type DeliveryJobRow,
  deleteJob,
  insertDeliveryJob,
  laneOf,
  listDueJobs,
  postponeJob,
  takeJob,
} from '../../db/delivery-jobs.js'
import type { Clock } from './clock.js'
import { createLanes } from './delivery-lanes.js'
import { describeError, type Log } from './telemetry/log.js'

/** What a job is about; the code and the link it will carry are made when it runs, so none is stored. */
export interface DeliveryPayloads {
  'recovery-mail': { readonly email: string }
  'verification-mail': { readonly email: string; readonly callback: string | undefined }
  'mobile-added': { readonly email: string }
  'mobile-changed': { readonly area: string; readonly mobile: string }
  'password-changed': NoticeRecipient
  'email-changed': NoticeRecipient
  'wechat-changed': NoticeRecipient
  /** A message users sent the official account, for the operator's own service. */
  'wechat-event': { readonly messageKey: string }
}

/** Where a user is told of a change to the account. */
export type NoticeRecipient = { readonly email: string } | { readonly area: string; readonly mobile: string }

export type DeliveryTemplate = keyof DeliveryPayloads
export type DeliveryHandlers = {
  readonly [Template in DeliveryTemplate]: (payload: DeliveryPayloads[Template]) => Promise<void>
}

/**
 * Messages that may wait: written in the caller's transaction, sent after it by any node, tried again while the
 * vendor is down. A message goes out at least once; after a crash in mid-send it may go out twice. A process sends a few
 * at once by each channel, so that a mail server that stalls holds up no text, and one after the other to an address.
 */
export interface DeliveryQueue {
  add<Template extends DeliveryTemplate>(
    db: Knex,
    template: Template,
    payload: DeliveryPayloads[Template],
  ): Promise<void>
  /** Starts looking for due jobs. */
  start(handlers: DeliveryHandlers): void
  /** Runs what is due now, after what is under way; returns how many jobs were sent. */
  runDue(): Promise<number>
  /** Stops looking and waits for the jobs under way. */
  stop(): Promise<void>
}

const pollMilliseconds = 500
const leaseMilliseconds = 60_000
const lifetimeMilliseconds = 24 * 3_600_000
const batch = 100
const channels = ['sms', 'mail', 'other'] as const
/** Seconds until the next try, by how often it was tried. */
const pauses = [5, 15, 60, 300, 900]
/** Milliseconds by which a job may be put off, with some for clocks that differ. */
const longestWait = 20 * 60_000

export function createDeliveryQueue({ db, clock, log }: { db: Knex; clock: Clock; log: Log }): DeliveryQueue {
  let handlers: DeliveryHandlers | undefined
  let timer: NodeJS.Timeout | undefined
  let looking: Promise<readonly Promise<boolean>[]> | undefined
  /** Channels in which the last look has left something that is due. */
  const leftBehind = new Set<DeliveryChannel>()
  let seenAll = 0
  const lanes = createLanes()

  const runJob = async (job: DeliveryJobRow, channel: DeliveryChannel, now: number): Promise<boolean> => {
    const fields = { jobId: job.job_id, template: job.template, count: job.attempts + 1 }
    try {
      if (now <= job.expires_at) await handle(handlers, job)
      else log.warn(fields, 'a message could not be delivered in time and was given up')
      await deleteJob(db, job.job_id)
      return true
    } catch (error) {
      const pause = pauses[Math.min(job.attempts, pauses.length - 1)] ?? 900
      log.warn({ ...fields, error }, `a message could not be delivered; next try in ${pause} s`)
      // Where this fails too, the job is due again when its lease is over.
      await postponeJob(db, job.job_id, clock.now() + pause * 1000).catch(() => {})
      return false
    } finally {
      if (leftBehind.has(channel)) lookIn(0)
    }
  }
  /** Starts what is due and has room; what waits for something before it to its address waits for the next look. */
  const startDue = async (asked: readonly DeliveryChannel[]): Promise<readonly Promise<boolean>[]> => {
    const started: Promise<boolean>[] = []
    const passedOver = new Set<string>()
    for (const channel of asked) {
      leftBehind.delete(channel)
      const now = clock.now()
      for (const job of await listDueJobs(db, channel, { now, latest: now + longestWait, most: batch })) {
        const lane = laneOf(job)
        const mayGo = !passedOver.has(lane.address) && lanes.isFree(lane)
        if (!mayGo) leftBehind.add(channel)
        if (mayGo && (await takeJob(db, job, now + leaseMilliseconds)))
          started.push(lanes.run(lane, () => runJob(job, channel, now)))
        else passedOver.add(lane.address)
      }
    }
    return started
  }
  const look = (asked: readonly DeliveryChannel[]) => {
    looking ??= startDue(asked).finally(() => (looking = undefined))
    return looking
  }
  /** When a look that is under way has ended, well or not. */
  const lookedUp = () =>
    looking?.then(
      () => {},
      () => {},
    )
  /** Between two whole looks only what was left behind has changed: with a backlog each look is long. */
  const poll = () => {
    const isWhole = performance.now() - seenAll >= pollMilliseconds
    if (isWhole) seenAll = performance.now()
    look(isWhole ? channels : [...leftBehind])
      .catch((error: unknown) =>
        log.warn({ reason: String(describeError(error)['code']) }, 'the delivery queue could not be read'),
      )
      .finally(() => lookIn(pollMilliseconds))
  }
  const lookIn = (milliseconds: number) => {
    if (!timer) return
    clearTimeout(timer)
    timer = setTimeout(poll, milliseconds).unref()
  }
  return {
    async add(db, template, payload) {
      const now = clock.now()
      const expiry = now + lifetimeMilliseconds
      await insertDeliveryJob(db, {
        template,
        payload: JSON.stringify(payload),
        due_at: now,
        expires_at: expiry,
      })
    },
    start(given) {
      handlers = given
      timer = setTimeout(poll, pollMilliseconds).unref()
    },
    async runDue() {
      let sent = 0
      for (;;) {
        await lookedUp()
        await lanes.settled()
        const ended = await Promise.all(await look(channels))
        if (ended.length === 0) return sent
        sent += ended.filter(Boolean).length
      }
    },
    async stop() {
      clearTimeout(timer)
      timer = undefined
      await lookedUp()
      await lanes.settled()
    },
  }
}

async function handle(handlers: DeliveryHandlers | undefined, job: DeliveryJobRow): Promise<void> {
  // A job of a newer version's template waits for a node that knows it.
  const known = handlers && Object.hasOwn(handlers, job.template)
  if (!known) throw new Error(`no handler for ${job.template}`)
  const handler = handlers[job.template as DeliveryTemplate] as (payload: unknown) => Promise<void>
  await handler(JSON.parse(job.payload))
}
