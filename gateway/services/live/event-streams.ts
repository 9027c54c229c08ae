import { GatewayError } from '../../outcome/errors.js'
import type { Clock } from '../clock.js'
import type { Log } from '../telemetry/log.js'
import type { Sessions, SignedIn } from '../sign-in/sessions.js'

/** One stream that a client holds open. */
export interface OpenStream {
  readonly session: SignedIn
  /** The server its connection came in by, as far as that is known. */
  readonly server: StreamServer | undefined
  /** Called every second, for what keeps the connection alive. */
  beat(): void
  /** Ends it with a hint when to come back. */
  end(retryMilliseconds: number): void
}

export interface StreamServer {
  readonly listening: boolean
}

/** All streams of this process: how many there may be, and when they must end. */
export interface EventStreams {
  count(): number
  /**
   * Takes in a stream and returns how to take it out. Where its user has too many, the oldest of them ends: it is the
   * one most likely to hang on a connection that is gone. Throws UNAVAILABLE when the process has all it can hold.
   */
  add(stream: OpenStream): () => void
  /** Ends the streams of a server that is about to close. */
  endOf(server: StreamServer): void
  /** Ends all, and takes in no more. */
  close(): void
}

interface Dependencies {
  readonly sessions: Pick<Sessions, 'listLive'>
  readonly clock: Clock
  readonly log: Log
  readonly mostPerUser?: number
  readonly mostInAll?: number
}

const beatMilliseconds = 1000
/** Beats from one look at the sessions to the next: the stream of a dead one ends within five seconds. */
const beatsPerLook = 3
/** A client that came back at once would only end another stream of the same user. */
const replacedRetry = 60_000
const retryOfBusy = 10

export function createEventStreams(dependencies: Dependencies): EventStreams {
  const { mostPerUser = 10, mostInAll = 10_000, clock } = dependencies
  const streams = new Set<OpenStream>()
  let timer: NodeJS.Timeout | undefined
  let beats = 0
  let isClosed = false
  const endWhere = (isOver: (stream: OpenStream) => boolean) => {
    for (const stream of streams) if (isOver(stream)) stream.end(spreadRetry())
  }
  const beat = () => {
    for (const stream of streams) stream.beat()
    // Somebody else's server that closes tells nobody, and would wait for its streams for ever.
    endWhere(({ server, session }) => server?.listening === false || session.expiresAt <= clock.now())
    if (++beats % beatsPerLook === 0) void endDead(streams, dependencies)
  }
  const remove = (stream: OpenStream) => {
    streams.delete(stream)
    if (streams.size > 0) return
    clearInterval(timer)
    timer = undefined
  }
  return {
    count: () => streams.size,
    add(stream) {
      if (isClosed || streams.size >= mostInAll)
        throw new GatewayError('UNAVAILABLE', { retryAfter: retryOfBusy })
      const { userId } = stream.session
      const own = [...streams].filter(({ session }) => session.userId === userId)
      if (own.length >= mostPerUser) own[0]?.end(replacedRetry)
      streams.add(stream)
      timer ??= setInterval(beat, beatMilliseconds).unref()
      return () => remove(stream)
    },
    endOf: (ending) => endWhere(({ server }) => server === ending),
    close() {
      isClosed = true
      endWhere(() => true)
    },
  }
}

/** All clients of a node that goes must not come back in the same moment, nor before it is gone. */
function spreadRetry(): number {
  return 2000 + Math.floor(Math.random() * 3000)
}

/** Asked for all at once: a session that was ended on any node ends its streams here. */
async function endDead(streams: ReadonlySet<OpenStream>, { sessions, log }: Dependencies): Promise<void> {
  const looked = [...streams]
  try {
    const alive = await sessions.listLive(looked.map(({ session }) => session))
    for (const stream of looked) if (!alive.has(stream.session.tokenId)) stream.end(spreadRetry())
  } catch (error) {
    // Without a database there is nothing to tell either, and nobody's session can be ended.
    log.warn({ error }, 'the sessions of streams could not be checked')
  }
}
