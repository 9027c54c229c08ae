import { setTimeout as sleep } from 'node:timers/promises'
import type { ListedMessageRow } from '../../../db/listed-messages.js'
import { findReceivedBefore, listArrivals, listArrivedIds } from '../../../db/streamed-messages.js'
import { isDatabaseError } from '../../../db/unavailable.js'
import { countUnread } from '../../../db/unread-messages.js'
import { GatewayError } from '../../../gateway/outcome/errors.js'
import type { Services } from '../../../gateway/services/services.js'
import type { SignedIn } from '../../../gateway/services/sign-in/sessions.js'
import type { EventStreamAnswer, EventWriter } from '../../../schemas/contract-document.js'
import { Bell } from './bell.js'
import { MessageCursor, settleMilliseconds } from './cursors.js'
import { describeListedMessage } from './descriptions.js'

/** Messages that are read, and kept for a slow client, at a time. */
const pageSize = 50
const mostKnown = 500
/** Messages that come in a burst are told together, but for the first. */
const gatherMilliseconds = 100
const retryMilliseconds = 2000

/**
 * What comes to a user's inbox from now on, or from where a stream was cut: events `unread` and `message`. Throws
 * PARAM_ERROR for a last event that is none of ours.
 */
export async function openMessageStream(
  services: Services,
  session: SignedIn,
  lastEventId: string | undefined,
): Promise<EventStreamAnswer> {
  const cursor = lastEventId
    ? MessageCursor.parse(lastEventId, services.clock.now())
    : await readCursor(services, session.userId)
  if (!cursor) throw new GatewayError('PARAM_ERROR', { detail: 'last_event_id: the id of an event' })
  return { session, run: (stream) => tellMessages(services, { userId: session.userId, cursor, stream }) }
}

/** As of now: all that is in the inbox counts as shown. */
async function readCursor({ db, clock }: Services, userId: number): Promise<MessageCursor> {
  const now = clock.now()
  // When a message was written stands in its row; it may have waited as long as another to be committed.
  const settled = await findReceivedBefore(db, userId, now - 2 * settleMilliseconds)
  const cursor = new MessageCursor(settled)
  const known = await listArrivedIds(db, { userId, after: settled, most: mostKnown + 1 })
  for (const messageId of known) cursor.add(messageId, now)
  return cursor
}

interface Telling {
  readonly userId: number
  readonly cursor: MessageCursor
  readonly stream: EventWriter
  /** The unread count that the client was told last. */
  unread?: number
  /** Whether the client has all that came while it was away. */
  isCaughtUp?: boolean
}

async function tellMessages(services: Services, telling: Telling): Promise<void> {
  const { stream, userId } = telling
  const bell = new Bell()
  const unwatch = services.messageSignals.watch(userId, () => bell.ring())
  stream.ended.addEventListener('abort', () => bell.ring())
  try {
    while (!stream.ended.aborted) {
      const isTold = await tellChanges(services, telling)
      await sleep(isTold ? gatherMilliseconds : retryMilliseconds)
      if (isTold) await bell.rung()
    }
  } finally {
    unwatch()
  }
}

/** False when the database is away: the client need not come back for that. */
async function tellChanges(services: Services, telling: Telling): Promise<boolean> {
  try {
    if (telling.unread === undefined) await tellUnread(services, telling)
    await tellArrivals(services, telling)
    await tellUnread(services, telling)
    return true
  } catch (error) {
    if (!isDatabaseError(error)) throw error
    services.log.warn({ userId: telling.userId, error }, 'a stream waits for the database')
    return false
  }
}

async function tellArrivals({ db, clock, config }: Services, telling: Telling): Promise<void> {
  const { userId, cursor, stream } = telling
  let rows: ListedMessageRow[]
  do {
    cursor.settle(clock.now())
    const wanted = { userId, after: cursor.floor, except: cursor.shown, most: pageSize }
    rows = await listArrivals(db, wanted)
    const events = rows.map((row) => {
      const now = clock.now()
      // What was written long before the client came has let all before it appear.
      const isOld = !telling.isCaughtUp && row.message_time < now - 2 * settleMilliseconds
      cursor.add(row.message_id, isOld ? 0 : now)
      cursor.settle(now)
      return event('message', describeListedMessage(row, config.publicUrl), cursor)
    })
    if (events.length > 0) await stream.write(events.join(''))
  } while (rows.length === pageSize && !stream.ended.aborted)
  telling.isCaughtUp = true
}

async function tellUnread({ db }: Services, telling: Telling): Promise<void> {
  const unread = await countUnread(db, telling.userId)
  if (unread === telling.unread) return
  telling.unread = unread
  await telling.stream.write(event('unread', { unread }, telling.cursor))
}

/** Each event carries the cursor: a client that is cut off before the first message must not lose it. */
function event(name: string, data: object, cursor: MessageCursor): string {
  return `id: ${cursor.toString()}\nevent: ${name}\ndata: ${JSON.stringify(data)}\n\n`
}
