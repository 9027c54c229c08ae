import type { Knex } from 'knex'

/** A message that must go out after the transaction that asked for it; see gateway/services/delivery-queue.ts. */
export interface DeliveryJobRow {
  job_id: number
  template: string
  /** JSON; no code and no token ever stands in it. */
  payload: string
  attempts: number
  /** When it may be tried next; a worker that takes a job moves this ahead. */
  due_at: number
  /** When trying makes no sense any more. */
  expires_at: number
}

declare module 'knex/types/tables.js' {
  interface Tables {
    delivery_job: DeliveryJobRow
  }
}

export async function insertDeliveryJob(
  db: Knex,
  job: Pick<DeliveryJobRow, 'template' | 'payload' | 'due_at' | 'expires_at'>,
): Promise<void> {
  await db('delivery_job').insert(job)
}

/** By what a message goes out; `other` has neither an e-mail address nor a number. */
export type DeliveryChannel = 'mail' | 'sms' | 'other'

/** The channel of a job, and to whom it goes there; what is for nobody in particular goes out one after the other. */
export function laneOf({ template, payload }: DeliveryJobRow): {
  readonly channel: DeliveryChannel
  readonly address: string
} {
  const { email, area, mobile }: Partial<Record<string, string>> = JSON.parse(payload)
  if (email !== undefined) return { channel: 'mail', address: email }
  if (area !== undefined) return { channel: 'sms', address: `${area} ${mobile}` }
  return { channel: 'other', address: template }
}

/** What stands in the payloads of a channel; in a value the quotes would be escaped. */
const marks = { mail: '%"email":%', sms: '%"area":%' } as const

/**
 * Those of a channel that are due by `now`, the oldest first, and those put further ahead than `latest`, which no rule
 * does: a clock was wrong.
 */
export async function listDueJobs(
  db: Knex,
  channel: DeliveryChannel,
  { now, latest, most }: Readonly<Record<'now' | 'latest' | 'most', number>>,
): Promise<DeliveryJobRow[]> {
  const jobs = db('delivery_job')
    .where((due) => void due.where('due_at', '<=', now).orWhere('due_at', '>', latest))
    .orderBy(['due_at', 'job_id'])
    .limit(most)
  if (channel !== 'other') return jobs.where('payload', 'like', marks[channel])
  return jobs.whereNot('payload', 'like', marks.mail).whereNot('payload', 'like', marks.sms)
}

/** Takes a due job for this worker until `until`; false when another worker was faster. */
export async function takeJob(db: Knex, job: DeliveryJobRow, until: number): Promise<boolean> {
  const taken = await db('delivery_job')
    .where({ job_id: job.job_id, due_at: job.due_at })
    .update({ due_at: until, attempts: job.attempts + 1 })
  return taken > 0
}

export async function deleteJob(db: Knex, jobId: number): Promise<void> {
  await db('delivery_job').where({ job_id: jobId }).delete()
}

export async function postponeJob(db: Knex, jobId: number, dueAt: number): Promise<void> {
  await db('delivery_job').where({ job_id: jobId }).update({ due_at: dueAt })
}

/** How many messages wait, how many of these were tried before, and since when the first of them is due (ms). */
export async function countDeliveryJobs(
  db: Knex,
  now: number,
): Promise<{ readonly waiting: number; readonly tried: number; readonly dueSince: number | undefined }> {
  const [row] = await db('delivery_job')
    .select(db.raw('count(*) as waiting'), db.raw('sum(case when attempts > 0 then 1 else 0 end) as tried'))
    .min({ due_at: 'due_at' })
  // What is counted may come as text, by the driver; the column itself does not.
  const found: Partial<Record<string, number | string | null>> = row ?? {}
  const due = row?.due_at ?? Number.POSITIVE_INFINITY
  return {
    waiting: Number(found['waiting']),
    tried: Number(found['tried'] ?? 0),
    dueSince: due <= now ? due : undefined,
  }
}
