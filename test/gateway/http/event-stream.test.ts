import { expect } from 'chai'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import express from 'express'
import { mountGateway } from '../../../gateway/mount.js'
import { createGateway } from '../../../gateway/gateway.js'
import { startServer } from '../../../gateway/server.js'
import { inboxRow, textBody } from '../../../methods/rules/messages/rows.js'
import { addCorrespondent } from '../../methods/front/account/userMessage/message-users.js'
import { openMessages, shownBy } from '../../methods/front/account/userMessage/stream-client.js'
import { openEventClient, until } from '../../servers/event-client.js'
import { startGatewayProcess, processKeys } from '../../servers/processes/gateway-process.js'
import { withGateway } from '../../suite.js'

function collectGarbage(): void {
  setFlagsFromString('--expose-gc')
  const collect: unknown = runInNewContext('gc')
  if (typeof collect === 'function') collect()
}

withGateway('an event stream', processKeys, function (gateway, database) {
  this.timeout(60_000)

  it('is ended by a server that drains, which then closes at once', async () => {
    const server = await startServer(createGateway(gateway.services), gateway.services, { finish: 600_000 })
    const { token } = await addCorrespondent(gateway)
    const [stream, elsewhere] = [await openMessages(server, token), await openMessages(gateway, token)]
    await until(() => stream.events.length > 0)
    const at = Date.now()
    await server.drain()
    expect(Date.now() - at).to.be.below(3000)
    await until(() => stream.hasEnded())
    expect(stream.text()).to.match(/\n\nretry: [2-5]\d{3}\n\n$/)
    expect(elsewhere.hasEnded()).to.equal(false)
    elsewhere.cut()
  })

  const aProcess = database.kind === 'mysql' ? it : undefined
  aProcess?.('does not hold up a process that is told to stop', async () => {
    const server = await startGatewayProcess(database)
    const { token } = await addCorrespondent(gateway)
    const stream = await openMessages(server, token)
    await until(() => stream.events.length > 0)
    const at = Date.now()
    expect(await server.stop()).to.deep.equal({ code: 0, signal: null })
    expect(Date.now() - at).to.be.below(5000)
    await until(() => stream.hasEnded())
  })

  it("works in somebody else's application, and ends when that stops listening", async () => {
    const mounted = await mountGateway({ ...gateway.services.config, logLevel: 'silent' })
    const server = express().use('/passport', mounted.router).listen(0, '127.0.0.1')
    await once(server, 'listening')
    const { port } = server.address() as AddressInfo
    const [reader, writer] = [await addCorrespondent(gateway), await addCorrespondent(gateway)]
    const url = `http://127.0.0.1:${port}/passport/front/account/userMessage/stream?perm_key=${reader.token}`
    const stream = await openEventClient(url)
    await until(() => stream.events.length > 0)
    const { message_other_id: messageId } = await writer.send(reader, 'x')
    await until(() => shownBy(stream).includes(messageId))
    await new Promise<void>((resolve) => server.close(() => resolve()))
    await until(() => stream.hasEnded())
    await mounted.close()
  })

  it('is cut for a client that does not read, and never kept whole for it', async () => {
    const { db } = gateway
    const reader = await addCorrespondent(gateway)
    const user = { user_id: reader.uid, user_nickname: '', user_avatar: '' }
    const body = textBody('', '长'.repeat(1024))
    const row = inboxRow({ sender: user, receiver: user, body, at: Date.now() })
    for (let part = 0; part < 60; part++)
      await db('account_user_message').insert(Array.from({ length: 100 }, () => row))
    let read = 0
    // When the server has read the last page it could still write; how long that takes says nothing of its patience.
    let lastPageAt = 0
    const count = ({ sql }: { sql: string }) => {
      read += /own|left join/.test(sql) ? 1 : 0
      if (/^select .message.\..message_id./.test(sql)) lastPageAt = Date.now()
    }
    db.on('query', count)
    const stream = await openMessages(gateway, reader.token, { last_event_id: '0' })
    stream.pause()
    // The time limit must live through what a busy server does all the time.
    const cleaning = setInterval(collectGarbage, 500)
    await until(() => gateway.services.eventStreams.count() === 0).finally(() => clearInterval(cleaning))
    db.off('query', count)
    expect(Date.now() - lastPageAt).to.be.within(9000, 20_000)
    // Pages of fifty; what the operating system keeps for the connection is not ours.
    expect(read).to.be.below(119)
    stream.cut()
  })
})
