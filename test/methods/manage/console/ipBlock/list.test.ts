import { expect } from 'chai'
import { withConsole } from '../suite.js'

withConsole('manage.console.ipBlock.list', {}, ({ gateway, admin, ask, isOfTheConsole }) => {
  it('lists what is blocked, with the note and until when, and not what has ended', async () => {
    expect(await ask()).to.deep.equal({ items: [] })
    const block = (params: object) => admin.call('manage.console.ipBlock.add', params)
    await block({ address: '2001:db8::/32', reason: '<b>短信</b>' })
    await block({ address: '203.0.113.7', hours: 0.1 })
    const list = async () => (await ask())['items'] as Record<string, unknown>[]
    const [wide, short] = await list()
    expect(wide).to.include({ address: '2001:db8::/32', reason: '<b>短信</b>', expires_at: 0 })
    expect(short).to.include({ address: '203.0.113.7', reason: '' })
    expect(Number(short?.['expires_at']) - Number(short?.['created_at'])).to.equal(360_000)
    gateway.clock.advance(360_001)
    expect((await list()).map(({ address }) => address)).to.deep.equal(['2001:db8::/32'])
  })

  isOfTheConsole()
})
