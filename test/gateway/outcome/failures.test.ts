import { expect } from 'chai'
import type { Knex } from 'knex'
import { connect } from '../../../db/connect.js'
import { transaction } from '../../../db/transaction.js'
import { asGatewayError } from '../../../gateway/outcome/failures.js'
import { onEmptyMariadb } from '../../servers/databases.js'

onEmptyMariadb('what a caller is told of a failure', (database) => {
  const failed = (code: string) => asGatewayError(Object.assign(new Error(code), { code }))
  const toldOf = (work: PromiseLike<unknown>) =>
    Promise.resolve(work).then(
      () => expect.fail('should have failed'),
      (error: unknown) => asGatewayError(error),
    )
  /** Two tests side by side wait as long as one. */
  const crowded = async (work: (db: Knex) => Promise<unknown>) => {
    const db = connect({ kind: 'mysql', url: database.url }, { poolSize: 1 })
    try {
      return await work(db)
    } finally {
      await db.destroy()
    }
  }

  it('is CONTENTION where others wrote the same rows until it gave up, with the time to wait', () => {
    for (const code of ['ER_LOCK_DEADLOCK', 'ER_LOCK_WAIT_TIMEOUT', 'ER_ERROR_DURING_COMMIT'])
      expect(failed(code), code).to.include({ key: 'CONTENTION', retryAfter: 1 })
    for (const code of ['ECONNREFUSED', 'PROTOCOL_CONNECTION_LOST', 'SQLITE_BUSY', 'ER_DISK_FULL'])
      expect(failed(code), code).to.include({ key: 'UNAVAILABLE', retryAfter: 2 })
  })

  it('is CONTENTION where others had all connections, and UNAVAILABLE where nobody was served', async function () {
    this.timeout(30_000)
    const held = crowded((db) =>
      transaction({ db }, async ({ db: own }) => {
        await own.raw('select 1')
        return toldOf(db.raw('select 2'))
      }),
    )
    const lent = crowded(async (db) => {
      // The line is long, and moves.
      const line = Array.from({ length: 8 }, () => Promise.resolve(db.raw('select sleep(1)')))
      const [last] = await Promise.allSettled([toldOf(db.raw('select 3')), ...line])
      return last.status === 'fulfilled' ? last.value : undefined
    })
    expect(await held).to.include({ key: 'UNAVAILABLE' })
    expect(await lent).to.include({ key: 'CONTENTION' })
  })
})
