import Runner from 'knex/lib/execution/runner.js'
import { untilReached } from './fail-over.js'
import { untilTaken } from './until-taken.js'

/** What knex runs: a query, or the steps of a change of tables. */
export interface Builder {
  /** The connection that the caller has lent for it. */
  readonly _connection?: unknown
  /** Of a change of tables. */
  readonly _sequence?: unknown
  /** Of a query. */
  readonly _method?: string
}

/** Runs a statement that is a transaction by itself, and again as `transaction` would. */
class RetryingRunner extends Runner {
  override run(): Promise<unknown> {
    return untilTaken(() => {
      // That of the attempt before has been given back.
      this.connection = undefined
      return super.run()
    })
  }
}

/** Runs a read besides again when its connection breaks. */
class ReadRunner extends RetryingRunner {
  override run(): Promise<unknown> {
    return untilReached(
      () => super.run(),
      () => true,
    )
  }
}

interface RunningClient {
  readonly transacting?: boolean
  readonly followsFailOver: boolean
}

/**
 * What a client runs a builder with. Within a transaction, which is run again as a whole, and on a lent connection it is
 * run once; so is what may be more than one statement.
 */
export function runnerOf(client: RunningClient, builder: Builder): Runner {
  const isAlone = !client.transacting && !builder._connection && !builder._sequence
  const isRead = ['select', 'first', 'pluck'].includes(builder._method ?? '')
  if (isAlone && isRead && client.followsFailOver) return new ReadRunner(client, builder)
  return isAlone ? new RetryingRunner(client, builder) : new Runner(client, builder)
}
