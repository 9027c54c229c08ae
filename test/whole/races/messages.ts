import { setTimeout as sleep } from 'node:timers/promises'
import type { Knex } from 'knex'

const pollMilliseconds = 50

/** How many text messages went out: to one address (`+8613912345678`), or in all. */
export async function countSms(db: Knex, address?: string): Promise<number> {
  return (await db('outbox_message').where({ channel: 'sms', ...(address ? { address } : {}) })).length
}

/** What stands in the newest message to an address where the pattern has its group; waits until one has come. */
export async function readMessage(db: Knex, address: string, pattern: RegExp): Promise<string> {
  for (;;) {
    const newest = await db('outbox_message').where({ address }).orderBy('message_id', 'desc').first()
    const found = newest && pattern.exec(newest.text)?.[1]
    if (found !== undefined) return found
    await sleep(pollMilliseconds)
  }
}
