import { setTimeout as sleep } from 'node:timers/promises'
import { expect } from 'chai'
import { poolStateOf } from '../../../../db/knex-internals.js'
import { transaction } from '../../../../db/transaction.js'
import { isError } from '../../../../gateway/outcome/errors.js'
import type { ClientApp } from '../../../../gateway/services/apps/apps.js'
import { createFullLimits } from '../../../../gateway/services/limits/full-limits.js'
import { grantSend } from '../../../../methods/rules/limits/sends.js'
import { statementsDuring } from '../../../db/statements.js'
import { withGateway } from '../../../suite.js'

withGateway('messages that may be sent', (gateway, database) => {
  let last = 0
  /** Asks for one from a network of its own. */
  const ask = (address: `sms:${string}` = `sms:+86139${10_000_000 + ++last}`, node = gateway.services) =>
    grantSend(node, {
      address,
      purpose: 'code',
      sender: { ip: `20.${++last % 250}.7.7`, app: undefined, session: undefined },
    })
  const refusal = (asked: Promise<unknown>) =>
    asked.then(
      () => expect.fail('should have been refused'),
      (error: unknown) => isError(error, 'TOO_MANY_REQUESTS'),
    )

  it('are refused without a lock, a row or a transaction', async () => {
    const address = 'sms:+8613800000001'
    await ask(address)
    const { result, statements } = await statementsDuring(gateway.db, () => refusal(ask(address)))
    expect(result).to.equal(true)
    expect(statements.filter((sql) => !/^select/i.test(sql) || /for update/i.test(sql))).to.deep.equal([])
    // Its limits, whether some of the day is left elsewhere, and whether the owner asks.
    expect(statements).to.have.length(4)
  })

  it('are refused once with a lock by a node that has not seen their limits used up', async () => {
    const address = 'sms:+8613800000002'
    await ask(address)
    const another = { ...gateway.services, fullLimits: createFullLimits(10, gateway.services.clock) }
    const locking = async () => {
      const { result, statements } = await statementsDuring(gateway.db, () => refusal(ask(address, another)))
      expect(result).to.equal(true)
      return statements.some((sql) => /^insert/i.test(sql))
    }
    expect(await locking()).to.equal(true)
    expect(await locking()).to.equal(false)
  })

  it('are asked for nothing before they are spent where nothing is used up', async () => {
    const { statements } = await statementsDuring(gateway.db, () => ask())
    expect(statements.map((sql) => /^\w+/.exec(sql)?.[0].toLowerCase())).to.deep.equal([
      'begin',
      'insert',
      'select',
      'commit',
    ])
  })

  it('do not wait for one that hangs, though all are of one day', async () => {
    // SQLite has one writer.
    if (database.kind === 'sqlite') return
    await ask()
    const answered: unknown[] = []
    const asked: Promise<unknown>[] = []
    await transaction(gateway.services, async ({ db }) => {
      await db('usage_limit').where('name', 'like', 'all-day:sms:%').forUpdate().select('name')
      for (let at = 0; at < 40; at++) asked.push(ask().then((granted) => answered.push(granted)))
      while (answered.length < 30) await sleep(5)
    })
    await Promise.all(asked)
    expect(answered).to.have.length(40)
  })

  it('wait without a connection for others of their network, and nobody else does', async () => {
    // SQLite has one writer.
    if (database.kind === 'sqlite') return
    const { name } = await gateway.addApp({ addresses: ['30.1.1.9'] })
    const backEnd = gateway.services.apps.find(name)
    const askFrom = (ip: string, app?: ClientApp) =>
      grantSend(gateway.services, {
        address: `sms:+86139${10_000_000 + ++last}`,
        purpose: 'code',
        sender: { ip, app, session: undefined },
      })
    await askFrom('30.1.1.1')
    let ofNetwork: Promise<unknown>[] = []
    await transaction(gateway.services, async ({ db }) => {
      await db('usage_limit').where({ name: 'hour:net:30.1.1.0/24' }).forUpdate().select('name')
      ofNetwork = Array.from({ length: 20 }, (_, at) => askFrom(`30.1.1.${at + 2}`))
      await askFrom('30.1.2.1')
      await askFrom('30.1.1.9', backEnd)
      // This one's, and that of the first who asked.
      expect(poolStateOf(gateway.db)).to.include({ used: 2, waiting: 0 })
    })
    expect(await Promise.all(ofNetwork)).to.have.length(20)
  })
})
