import { expect } from 'chai'
import type { Contracts } from '../../../../../schemas/contracts.js'
import { dataOf, duringGateway, type TestGateway } from '../../../../harness.js'
import { prepared, withGateway } from '../../../../suite.js'
import { askConsole } from '../console-session.js'

type Calls = Contracts['manage.console.watch.calls']['result']
type Call = Calls['calls'][number]
type Watch = Contracts['manage.console.watch.start']['result']

const secrets = ['right password', 'a wrong password', '13912345678']

withGateway('manage.console.watch.calls', { CONSOLE: 'on' }, (gateway, database) => {
  const user = prepared(before, () => gateway.addUser({ mobile: '13912345678' }))
  const start = async (kind: string, subject: string): Promise<Watch> =>
    dataOf((await askConsole(gateway, 'watch/start', { kind, subject })).json)
  const read = async ({ watch_id }: Watch): Promise<Calls> =>
    dataOf((await askConsole(gateway, 'watch/calls', { watch_id })).json)
  const untilSeen = async (
    watch: Watch,
    wanted: number,
    isWanted = (_call: Call) => true,
  ): Promise<Call[]> => {
    for (;;) {
      const { calls } = await read(watch)
      if (calls.filter(isWanted).length >= wanted) return calls
      await new Promise((resolve) => setTimeout(resolve, 50))
    }
  }
  const signIn = (on: TestGateway, name: string, password: string) =>
    on.request('/front/account/login/login', {
      method: 'POST',
      body: new URLSearchParams({ user_account: name, password }),
    })

  it('shows calls of an application with names and lengths, and no value of a secret', async () => {
    const app = await gateway.addApp()
    const watch = await start('app', app.name)
    await gateway.call('open.passport.get', { uid: String(user.uid) }, { app })
    await gateway.call('web.passport.sendcode', { mobile: '13800000000', hunter2: '' }, { app })
    await gateway.call(
      'open.passport.get',
      { uid: '1', client_type: app.name, client_secret: 'x' },
      { app: null },
    )
    // Of another application.
    await gateway.call('open.passport.get', { uid: String(user.uid) })
    const calls = await untilSeen(watch, 3)
    expect(calls.map(({ method, error }) => [method, error])).to.have.deep.members([
      ['open.passport.get', ''],
      ['web.passport.sendcode', ''],
      ['open.passport.get', 'SIGNATURE_INVALID'],
    ])
    const send = calls.find(({ method }) => method === 'web.passport.sendcode')
    expect(send).to.include({
      app: app.name,
      network: '127.0.0.0/24',
      node: gateway.services.nodeMinutes.nodeName,
    })
    expect(send?.milliseconds).to.be.above(0)
    expect(send?.params).to.deep.include({ name: 'mobile', length: 11, shown: '138****0000' })
    expect(send?.params).to.deep.include({ name: 'client_secret', length: 32 })
    expect(JSON.stringify(calls)).to.not.match(new RegExp(`hunter2|13800000000|${app.secret}`))
  })

  it('shows calls of a user: signed in, named by uid, or trying to sign in, on another node too', async () => {
    const watch = await start('user', String(user.uid))
    await duringGateway(database, { CONSOLE: 'on' }, async (other) => {
      // What another node begins shows within two seconds, on a machine that has time for it.
      const began = performance.now()
      while (other.services.callWatches.live === undefined)
        await new Promise((resolve) => setTimeout(resolve, 20))
      expect(performance.now() - began).to.be.below(8000)
      const headers = { Authorization: `Bearer ${await user.startSession()}` }
      await other.request('/front/account/user/info', { headers })
      await other.call('open.passport.get', { uid: String(user.uid) })
      await signIn(other, '13912345678', 'a wrong password')
      await signIn(other, '13900000000', 'a wrong password')
      const calls = await untilSeen(watch, 3)
      expect(calls.map(({ method, error }) => [method, error])).to.have.deep.members([
        ['front.account.user.info', ''],
        ['open.passport.get', ''],
        ['front.account.login.login', 'PASSWORD_WRONG'],
      ])
      for (const { node } of calls) expect(node).to.equal(other.services.nodeMinutes.nodeName)
      for (const secret of secrets) expect(JSON.stringify(calls)).to.not.include(secret)
      const rows = await gateway.db('watched_call').select()
      for (const secret of secrets) expect(JSON.stringify(rows)).to.not.include(secret)
    })
  })

  it('keeps twenty calls a second of each node, tells how many more there were, and five hundred in all', async () => {
    const app = await gateway.addApp()
    const watch = await start('app', app.name)
    const [live] = (gateway.services.callWatches.live ?? []).filter(
      ({ watch_id }) => watch_id === watch.watch_id,
    )
    if (!live) throw new Error('the watch is live')
    const named = { request_id: 'x', node: 'x', method: 'x', app: app.name, error: '', network: 'x' }
    const kept = (isProved: boolean) => ({ isProved, content: { ...named, milliseconds: 1, params: [] } })
    for (let call = 0; call < 25; call++) gateway.services.callWatches.keep(live, kept(true))
    await gateway.services.callWatches.flush()
    const { calls } = await read(watch)
    expect(calls).to.have.length(20)
    expect(calls.filter(({ skipped }) => skipped === 5)).to.have.length(1)
    for (let batch = 0; batch < 26; batch++) {
      gateway.clock.advance(1)
      for (let call = 0; call < 20; call++) gateway.services.callWatches.keep(live, kept(true))
      await gateway.services.callWatches.flush()
    }
    const rows = await gateway.db('watched_call').where({ watch_id: watch.watch_id })
    expect(rows.length).to.be.within(500, 519)
  })

  it('shows who else calls when one network calls far more', async () => {
    const app = await gateway.addApp()
    const watch = await start('app', app.name)
    const [live] = (gateway.services.callWatches.live ?? []).filter(({ subject }) => subject === app.name)
    if (!live) throw new Error('the watch is live')
    const named = { request_id: 'x', node: 'x', method: 'x', app: app.name, error: '', milliseconds: 1 }
    const keep = (network: string) => {
      const content = { ...named, network, params: [] }
      gateway.services.callWatches.keep(live, { isProved: true, content })
    }
    for (let call = 0; call < 200; call++) keep('10.0.0.0/24')
    for (let call = 0; call < 3; call++) keep(`10.0.${call + 1}.0/24`)
    for (let call = 0; call < 200; call++) keep('10.0.0.0/24')
    await gateway.services.callWatches.flush()
    const { calls } = await read(watch)
    expect(calls).to.have.length(20)
    const others = calls.filter(({ network }) => network !== '10.0.0.0/24')
    expect(others.map(({ network }) => network)).to.have.members([
      '10.0.1.0/24',
      '10.0.2.0/24',
      '10.0.3.0/24',
    ])
    expect(calls.filter(({ skipped }) => skipped === 383)).to.have.length(1)
  })

  it('keeps what an application signed, however many calls only name it', async () => {
    const app = await gateway.addApp()
    const watch = await start('app', app.name)
    await gateway.call('open.passport.get', { uid: String(user.uid) }, { app })
    const name = (at: number) =>
      gateway.call('open.passport.get', { uid: '1', client_type: app.name, at: String(at) }, { app: null })
    for (let call = 0; call < 30; call++) await name(call)
    await gateway.call('web.passport.sendcode', { mobile: '13800000000' }, { app })
    await untilSeen(watch, 1, ({ is_proved }) => !is_proved)
    const calls = await untilSeen(watch, 2, ({ is_proved }) => is_proved)
    const proved = calls.filter(({ is_proved }) => is_proved)
    expect(proved.map(({ method }) => method)).to.have.members(['open.passport.get', 'web.passport.sendcode'])
    const [live] = (gateway.services.callWatches.live ?? []).filter(({ subject }) => subject === app.name)
    if (!live) throw new Error('the watch is live')
    const content = calls.find(({ is_proved }) => !is_proved) ?? { network: '' }
    for (let batch = 0; batch < 30; batch++) {
      gateway.clock.advance(1)
      for (let call = 0; call < 20; call++)
        gateway.services.callWatches.keep(live, { isProved: false, content })
      await gateway.services.callWatches.flush()
    }
    const shown = (await read(watch)).calls
    expect(shown.filter(({ is_proved }) => is_proved)).to.have.length(2)
    expect(shown.filter(({ is_proved }) => !is_proved)).to.have.length.within(200, 220)
  })

  it('ends by itself, can be read for a while, and by nobody but who began it', async () => {
    const watch = await start('app', 'web')
    await gateway.call('open.passport.get', { uid: String(user.uid) })
    await untilSeen(watch, 1)
    const stranger = await askConsole(gateway, 'watch/calls', { watch_id: watch.watch_id }, 'another')
    expect(stranger.json).to.include({ error: 'PARAM_ERROR' })
    gateway.clock.advance(15 * 60_000)
    await gateway.services.callWatches.refresh()
    expect(gateway.services.callWatches.live).to.equal(undefined)
    const { is_live, calls } = await read(watch)
    expect(is_live).to.equal(false)
    expect(calls).to.have.length(1)
  })
})
