import { expect } from 'chai'
import { listAuditEntries } from '../../../../../db/audit-entries.js'
import { deleteExpiredRows } from '../../../../../db/expired-rows.js'
import type { Contracts } from '../../../../../schemas/contracts.js'
import { dataOf } from '../../../../harness.js'
import { prepared, withGateway } from '../../../../suite.js'
import { askConsole } from '../console-session.js'

type Watch = Contracts['manage.console.watch.start']['result']
type Watches = Contracts['manage.console.watch.list']['result']

withGateway('manage.console.watch.start', { CONSOLE: 'on' }, (gateway) => {
  const user = prepared(before, () => gateway.addUser())
  const start = async (params: Record<string, string>, who?: string) =>
    (await askConsole(gateway, 'watch/start', params, who)).json
  const list = async () => dataOf<Watches>((await askConsole(gateway, 'watch/list')).json).items

  it('watches for 15 minutes, or fewer, and is in the audit', async () => {
    const watch: Watch = dataOf(await start({ kind: 'user', subject: String(user.uid), minutes: '5' }))
    expect(watch).to.include({ kind: 'user', subject: String(user.uid) })
    expect(watch.ends_at - watch.started_at).to.equal(5 * 60_000)
    const [entry] = await listAuditEntries(gateway.db, {
      equals: { action: 'manage.console.watch.start' },
      most: 1,
    })
    expect(entry).to.include({ outcome: 'ok', actor_id: watch.admin_id, target_id: user.uid })
    expect(entry?.detail).to.equal(`${watch.watch_id}: user ${user.uid}, 5 minutes`)
    expect(await list()).to.deep.equal([watch])
  })

  it('ends the watch before of the same administrator, and no other one', async () => {
    await start({ kind: 'app', subject: 'web' }, 'another')
    await start({ kind: 'app', subject: 'web' })
    await start({ kind: 'user', subject: String(user.uid) })
    expect((await list()).map(({ kind }) => kind)).to.have.members(['app', 'user'])
  })

  it('refuses what is not there, and more than a quarter of an hour', async () => {
    expect(await start({ kind: 'app', subject: 'nobody' })).to.include({ error: 'PARAM_ERROR' })
    expect(await start({ kind: 'user', subject: '4000000000' })).to.include({ error: 'USER_NOT_EXISTS' })
    expect(await start({ kind: 'user', subject: '99999999999' })).to.include({ error: 'USER_NOT_EXISTS' })
    expect(await start({ kind: 'all', subject: 'web' })).to.include({ error: 'PARAM_ERROR' })
    expect(await start({ kind: 'app', subject: 'web', minutes: '16' })).to.include({ error: 'PARAM_ERROR' })
  })

  it('leaves no row when its time is over', async () => {
    await deleteExpiredRows(gateway.db, gateway.clock.now() + 31 * 60_000)
    for (const table of ['call_watch', 'watched_call']) expect(await gateway.db(table)).to.deep.equal([])
  })
})
