import { expect } from 'chai'
import type { Knex } from 'knex'
import { setTimeout as sleep } from 'node:timers/promises'
import { arrivalsQuery } from '../../../../db/streamed-messages.js'
import { insertMessages, messageKinds } from '../../../../db/user-messages.js'
import { inboxRow, outboxRow, textBody } from '../../../../methods/rules/messages/rows.js'
import { startGateway, type TestGateway } from '../../../harness.js'
import { createAccountClient } from '../../../methods/front/account/account-client.js'
import {
  addCorrespondent,
  type Correspondent,
  manyMessages,
} from '../../../methods/front/account/userMessage/message-users.js'
import { openMessages, shownBy, unreadBy } from '../../../methods/front/account/userMessage/stream-client.js'
import { requireProgram } from '../../../servers/available.js'
import { onEachDatabase, type TestDatabase } from '../../../servers/databases.js'
import { type EventClient, until } from '../../../servers/event-client.js'
import { type RedisServer, startRedis } from '../../../servers/redis.js'
import { withGateway } from '../../../suite.js'

/** Two nodes on one database, a reader who listens on the second, and a writer on the first. */
function describeTwoNodes(database: TestDatabase, redisUrl: () => Promise<string | undefined>) {
  const nodes: TestGateway[] = []
  const streams: EventClient[] = []
  before(async () => {
    const REDIS_URL = await redisUrl()
    for (let count = 0; count < 2; count++)
      nodes.push(await startGateway(database, { ...manyMessages, ...(REDIS_URL && { REDIS_URL }) }))
    if (REDIS_URL) await until(() => nodes.every(({ services }) => services.cache.hearsOthers()))
  })
  after(async () => {
    for (const stream of streams) stream.cut()
    for (const node of nodes) await node.close()
  })
  const open = async (reader: Correspondent) => {
    const stream = await openMessages(nodes[1] ?? expect.fail(), reader.token)
    streams.push(stream)
    await until(() => stream.events.length > 0)
    return stream
  }
  return {
    async start() {
      const [here] = nodes
      if (!here) throw new Error('no node')
      const [reader, writer] = [await addCorrespondent(here), await addCorrespondent(here)]
      const stream = await open(reader)
      return { here, reader, writer, stream }
    },
  }
}

onEachDatabase('two nodes without Redis', (database) => {
  if (database.kind === 'sqlite') return
  const two = describeTwoNodes(database, async () => undefined)

  it('tell within seconds what came on the other node, and what was read there', async () => {
    const { here, reader, writer, stream } = await two.start()
    const at = Date.now()
    const { message_other_id: messageId } = await writer.send(reader, 'x')
    await until(() => shownBy(stream).includes(messageId))
    expect(Date.now() - at).to.be.below(2500)
    await createAccountClient(here).post('userMessage/setRead', {}, reader.token)
    await until(() => unreadBy(stream).at(-1) === 0)
  })

  it('end a stream when its session is ended on the other node', async () => {
    const { here, reader, stream } = await two.start()
    const at = Date.now()
    await createAccountClient(here).post('login/logout', {}, reader.token)
    await until(() => stream.hasEnded())
    expect(Date.now() - at).to.be.below(5000)
  })
})

onEachDatabase('two nodes with Redis', (database) => {
  if (database.kind === 'sqlite') return
  let redis: RedisServer | undefined
  before(function () {
    requireProgram(this, 'redis-server')
  })
  const two = describeTwoNodes(database, async () => (redis = await startRedis()).url)
  after(() => redis?.stop())

  it('tell at once, and go on without Redis when it is killed, and with it when it is back', async function () {
    this.timeout(60_000)
    const { reader, writer, stream } = await two.start()
    const sent: number[] = []
    const send = async () => {
      const at = Date.now()
      sent.push((await writer.send(reader, 'x')).message_other_id)
      await until(() => shownBy(stream).length === sent.length)
      return Date.now() - at
    }
    // The subscription may take a moment longer than the connection.
    await sleep(1500)
    expect(await send()).to.be.below(800)
    await redis?.kill()
    for (let count = 0; count < 3; count++) expect(await send()).to.be.below(3000)
    await redis?.restart()
    for (let count = 0; count < 5; count++) {
      await sleep(700)
      expect(await send()).to.be.below(3000)
    }
    expect(shownBy(stream)).to.deep.equal(sent)
  })
})

withGateway('asking the database for messages', manyMessages, (gateway, database) => {
  /** Queries on messages in a time (ms). */
  async function countQueries(milliseconds: number): Promise<number> {
    let count = 0
    const onQuery = ({ sql }: { sql: string }) => {
      if (sql.includes('account_user_message')) count++
    }
    gateway.db.on('query', onQuery)
    await sleep(milliseconds)
    gateway.db.off('query', onQuery)
    return count
  }

  it('is done once a second for all streams together, and not at all without one', async () => {
    expect(await countQueries(1500)).to.equal(0)
    const streams: EventClient[] = []
    for (let user = 0; user < 5; user++) {
      const { token } = await addCorrespondent(gateway)
      for (let count = 0; count < 4; count++) streams.push(await openMessages(gateway, token))
    }
    // The first looks find five users they did not know.
    await sleep(6500)
    expect(await countQueries(4000)).to.be.within(3, 6)
    for (const stream of streams) stream.cut()
    await sleep(1500)
    expect(await countQueries(1500)).to.equal(0)
  })

  it('reads only what came after, by an index', async () => {
    const { db } = gateway
    const users = Array.from({ length: 40 }, (_, at) => ({
      user_id: 500 + at,
      user_nickname: '',
      user_avatar: '',
    }))
    for (const receiver of users)
      for (let part = 0; part < 2; part++) {
        const sending = { sender: receiver, receiver, body: textBody('', 'x'), at: Date.now() }
        await insertMessages(
          db,
          Array.from({ length: 50 }, () => [inboxRow(sending), outboxRow(sending)]).flat(),
        )
      }
    const [newest] = await db('account_user_message').max({ id: 'message_id' })
    const query = arrivalsQuery(db, [500, 510, 520], Number(newest?.['id']) - 3000)
    expect(await explain(db, query, database)).to.match(/message_kind_message_id/)
    const counts: { user_id: number; messages: number | string }[] = await query
    const own = (userId: number) =>
      db('account_user_message')
        .where({ user_id: userId, message_kind: messageKinds.received })
        .where('message_id', '>', Number(newest?.['id']) - 3000)
        .pluck('message_id')
    for (const { user_id, messages } of counts) expect(Number(messages)).to.equal((await own(user_id)).length)
  })
})

/** Which index a query uses. */
async function explain(db: Knex, query: Knex.QueryBuilder, { kind }: TestDatabase): Promise<string> {
  const { sql, bindings } = query.toSQL()
  if (kind === 'sqlite') return JSON.stringify(await db.raw(`EXPLAIN QUERY PLAN ${sql}`, [...bindings]))
  await db.raw('ANALYZE TABLE account_user_message')
  const [rows] = (await db.raw(`EXPLAIN ${sql}`, [...bindings])) as [
    { key: string; type: string; Extra: string }[],
  ]
  expect(rows.map(({ type }) => type)).to.deep.equal(['range'])
  expect(rows[0]?.Extra).to.include('Using index')
  return rows[0]?.key ?? ''
}
