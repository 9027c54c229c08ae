import type { Knex } from 'knex'
import {
  type DeliveryJobRow,
  deleteJob,
  insertDeliveryJob,
  listDueJobs,
  postponeJob,
  takeJob,
} from '../../db/delivery-jobs.js'
import { describeError, type Log } from './telemetry/log.js'
import type { Clock } from './clock.js'

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
 * vendor is down. A message goes out at least once; after a crash in mid-send it may go out twice.
 */
export interface DeliveryQueue {
  add<Template extends DeliveryTemplate>(
    db: Knex,
    template: Template,
    payload: DeliveryPayloads[Template],
  ): Promise<void>
  /** Starts looking for due jobs. */
  start(handlers: DeliveryHandlers): void
  /** Runs what is due now; returns how many jobs were sent. */
  runDue(): Promise<number>
  /** Stops looking and waits for the job under way. */
  stop(): Promise<void>
}

const pollMilliseconds = 500
const leaseMilliseconds = 60_000
const lifetimeMilliseconds = 24 * 3_600_000
const batch = 20
/** Seconds until the next try, by how often it was tried. */
const pauses = [5, 15, 60, 300, 900]
/** Milliseconds by which a job may be put off, with some for clocks that differ. */
const longestWait = 20 * 60_000

export function createDeliveryQueue({ db, clock, log }: { db: Knex; clock: Clock; log: Log }): DeliveryQueue {
  let handlers: DeliveryHandlers | undefined
  let timer: NodeJS.Timeout | undefined
  let running: Promise<number> | undefined

  const runJob = async (job: DeliveryJobRow): Promise<boolean> => {
    const now = clock.now()
    if (!(await takeJob(db, job, now + leaseMilliseconds))) return false
    const fields = { jobId: job.job_id, template: job.template, count: job.attempts + 1 }
    try {
      if (now <= job.expires_at) await handle(handlers, job)
      else log.warn(fields, 'a message could not be delivered in time and was given up')
      await deleteJob(db, job.job_id)
      return true
    } catch (error) {
      const pause = pauses[Math.min(job.attempts, pauses.length - 1)] ?? 900
      log.warn({ ...fields, error }, `a message could not be delivered; next try in ${pause} s`)
      await postponeJob(db, job.job_id, clock.now() + pause * 1000)
      return false
    }
  }
  const runBatch = async (): Promise<number> => {
    let sent = 0
    const now = clock.now()
    for (const job of await listDueJobs(db, { now, latest: now + longestWait, most: batch }))
      if (await runJob(job)) sent++
    return sent
  }
  const runOnce = () => {
    running ??= runBatch().finally(() => (running = undefined))
    return running
  }
  const poll = () => {
    runOnce()
      .catch((error: unknown) =>
        log.warn({ reason: String(describeError(error)['code']) }, 'the delivery queue could not be read'),
      )
      .finally(() => {
        if (timer) timer = setTimeout(poll, pollMilliseconds).unref()
      })
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
      // The batch under way may have been read before the newest job was added.
      await running?.catch(() => {})
      return runOnce()
    },
    async stop() {
      clearTimeout(timer)
      timer = undefined
      await running?.catch(() => {})
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
