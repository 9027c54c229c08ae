import { setTimeout as sleep } from 'node:timers/promises'
import { countPasswordKinds, findNextUsers } from '../../../db/password-kinds.js'
import { listPasswordFormCounts, savePasswordFormCount } from '../../../db/password-form-counts.js'
import { transaction } from '../../../db/transaction.js'
import { isError } from '../../../gateway/outcome/errors.js'
import type { Services } from '../../../gateway/services/services.js'
import { spendLimits } from '../limits/usage.js'

/** A day's last count of users by the form of their password. */
export interface PasswordFormCount {
  readonly counted_at: number
  readonly forms: { form: string; users: number }[]
}

/** How old a count may be before it is made anew, in seconds; on all nodes one is made in that time. */
const lifetimeSeconds = 900
/** Few: SQLite does nothing else while it reads them. */
const usersAtOnce = 5000
const pauseMilliseconds = 20
export const daysShown = 90

/** What was counted on each day that somebody asked, the newest first, and whether it is time to count anew. */
export async function listFormCounts({
  db,
  clock,
}: Pick<Services, 'db' | 'clock'>): Promise<{ isOld: boolean; days: PasswordFormCount[] }> {
  const rows = await listPasswordFormCounts(db, daysShown)
  const isOld = clock.now() - (rows[0]?.counted_at ?? 0) >= lifetimeSeconds * 1000
  const days = rows.map(({ counted_at, counts }) => ({
    counted_at,
    forms: Object.entries(JSON.parse(counts) as Record<string, number>)
      .map(([form, users]) => ({ form, users }))
      .sort((one, other) => other.users - one.users),
  }))
  return { isOld, days }
}

/**
 * Begins to count, unless a node did within the last quarter of an hour; returns the count under way, or undefined. It
 * reads every user, some thousands at once, and rejects where the database fails.
 */
export async function beginFormCount(
  services: Pick<Services, 'db' | 'clock'>,
): Promise<{ readonly counted: Promise<void> } | undefined> {
  try {
    await transaction(services, (services) =>
      spendLimits(services, [{ name: 'password-forms', points: 1, seconds: lifetimeSeconds }]),
    )
  } catch (error) {
    if (isError(error, 'TOO_MANY_REQUESTS')) return undefined
    throw error
  }
  return { counted: countForms(services) }
}

async function countForms(services: Pick<Services, 'db' | 'clock'>): Promise<void> {
  const { db } = services
  const users = new Map<string, number>()
  for (let after = -1; ; ) {
    const range = await findNextUsers(db, after, usersAtOnce)
    if (!range) break
    for (const { kind, users: count } of await countPasswordKinds(db, range))
      users.set(kind, (users.get(kind) ?? 0) + count)
    after = range.upTo
    await sleep(pauseMilliseconds, undefined, { ref: false })
  }
  await saveFormCounts(
    services,
    [...users].map(([kind, users]) => ({ kind, users })),
  )
}

/** Keeps a count as that of today. */
export async function saveFormCounts(
  services: Pick<Services, 'db' | 'clock'>,
  kinds: readonly { readonly kind: string; readonly users: number }[],
): Promise<void> {
  const now = services.clock.now()
  const counted_on = dayOf(now)
  const counts = JSON.stringify(Object.fromEntries(kinds.map(({ kind, users }) => [kind, users])))
  await transaction(services, ({ db }) => savePasswordFormCount(db, { counted_on, counted_at: now, counts }))
}

/** Counts once a day, on one node, whether or not anybody looks. */
export async function countFormsDaily(services: Pick<Services, 'db' | 'clock'>): Promise<void> {
  const [newest] = await listPasswordFormCounts(services.db, 1)
  if (newest?.counted_on !== dayOf(services.clock.now())) await (await beginFormCount(services))?.counted
}

function dayOf(now: number): string {
  return new Date(now).toISOString().slice(0, 10)
}
