import { expect } from 'chai'
import { consoleSession } from '../../../../console.js'
import { withConsole } from '../suite.js'

withConsole('manage.console.watch.list', {}, ({ gateway, admin, ask, isOfTheConsole }) => {
  const list = async () => (await ask())['items'] as Record<string, unknown>[]

  it('lists who watches what, and until when, and not what has ended', async () => {
    expect(await list()).to.deep.equal([])
    const another = await consoleSession(gateway)
    const begin = (params: object) => ({ kind: 'app', subject: 'web', ...params })
    await admin.call('manage.console.watch.start', begin({ minutes: 1 }))
    await another.call('manage.console.watch.start', begin({ minutes: 5 }))
    const watches = await list()
    expect(watches.map(({ admin_id }) => admin_id)).to.have.members([admin.uid, another.uid])
    for (const watch of watches) expect(watch).to.include({ kind: 'app', subject: 'web' })
    gateway.clock.advance(60_001)
    expect((await list()).map(({ admin_id }) => admin_id)).to.deep.equal([another.uid])
  })

  isOfTheConsole()
})
