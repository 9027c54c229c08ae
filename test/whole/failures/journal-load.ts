import { setTimeout as sleep } from 'node:timers/promises'
import type { Knex } from 'knex'
import { insertUser } from '../../../db/users.js'
import { fetchAnswer } from '../../fetch-answer.js'
import { signParameters, type TestApp } from '../../harness.js'

/** What the load saw. */
interface LoadFigures {
  readonly calls: number
  readonly perSecond: number
  /** Answers 503 with code 999 or, among many, 9999991, and connections that broke: the caller knows to try again. */
  readonly refused: number
  /** Anything else that is no success: must not happen. */
  readonly unclean: readonly string[]
}

/**
 * A load of writes whose acknowledged values are kept in a journal: every user is written by one loop with counting
 * values, so after any failure the stored value must be the acknowledged one or a later one.
 */
export interface JournalLoad {
  /** Milliseconds from now until a call to each server has succeeded again. Throws after `most`. */
  timeUntilServed(most: number): Promise<number>
  /** Waits until every user has had `times` more acknowledged writes. Throws after a minute. */
  untilWritten(times: number): Promise<void>
  stop(): Promise<LoadFigures>
  /** Users whose stored value is older than an acknowledged one: lost writes. */
  findLostWrites(db: Knex): Promise<number[]>
}

const method = 'web.passport.modifyLikeBrand'
const loops = 24

export async function startJournalLoad(
  db: Knex,
  app: TestApp,
  urls: readonly string[],
): Promise<JournalLoad> {
  const users: number[] = []
  for (let count = 0; count < loops; count++)
    users.push(
      await insertUser(db, { account: `load-${Date.now()}-${count}`, passwordHash: '', createdAt: 0 }),
    )
  const acknowledged = new Map<number, number>()
  const writes = new Map(users.map((uid) => [uid, 0]))
  const unclean: string[] = []
  const lastSuccess = new Map<string, number>()
  let calls = 0
  let refused = 0
  const state = { stopping: false }
  const started = Date.now()
  const write = async (url: string, uid: number, value: number) => {
    calls++
    try {
      const params = signParameters(app, { method, uid: String(uid), brand: String(value) })
      const { status, text, json } = await fetchAnswer(
        `${url}/gateway?${new URLSearchParams(params).toString()}`,
        {
          signal: AbortSignal.timeout(15_000),
        },
      )
      if (json?.code === 200) {
        acknowledged.set(uid, value)
        writes.set(uid, (writes.get(uid) ?? 0) + 1)
        lastSuccess.set(url, Date.now())
      } else if ((status === 503 && json?.code === 999) || json?.code === 9999991) refused++
      else unclean.push(`${status} ${text.slice(0, 200)}`)
    } catch {
      refused++
      await sleep(20)
    }
  }
  const running = users.map(async (uid, index) => {
    const url = urls[index % urls.length] ?? ''
    for (let value = 1; !state.stopping; value++) {
      await write(url, uid, value)
      await sleep(30)
    }
  })
  return {
    async timeUntilServed(most) {
      const from = Date.now()
      while (urls.some((url) => (lastSuccess.get(url) ?? 0) <= from)) {
        if (Date.now() - from > most) throw new Error(`not served again within ${most} ms`)
        await sleep(20)
      }
      return Date.now() - from
    },
    async untilWritten(times) {
      const from = Date.now()
      const enough = [...writes].map(([uid, count]) => [uid, count + times] as const)
      while (enough.some(([uid, count]) => (writes.get(uid) ?? 0) < count)) {
        if (Date.now() - from > 60_000) throw new Error(`not ${times} writes of every user within a minute`)
        await sleep(20)
      }
    },
    async stop() {
      state.stopping = true
      await Promise.all(running)
      return { calls, perSecond: Math.round((calls * 1000) / (Date.now() - started)), refused, unclean }
    },
    async findLostWrites(db) {
      const rows = await db('passport_profile').whereIn('user_id', users).select('user_id', 'brand')
      const stored = new Map(rows.map(({ user_id, brand }) => [user_id, Number(brand)]))
      return users.filter((uid) => (stored.get(uid) ?? 0) < (acknowledged.get(uid) ?? 0))
    },
  }
}
