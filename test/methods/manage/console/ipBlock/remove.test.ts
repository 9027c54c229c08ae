import { expect } from 'chai'
import { done } from '../../../../answers.js'
import { withConsole } from '../suite.js'

withConsole('manage.console.ipBlock.remove', {}, ({ gateway, admin, send, entries, ...cases }) => {
  before(() => admin.call('manage.console.ipBlock.add', { address: '2001:db8::/32' }))

  it('unblocks an address or range in any spelling, and names the wider one that holds it', async () => {
    expect((await send({ address: '2001:db8::1' })).text).to.include('属于已封禁的 2001:db8::/32')
    expect((await send({ address: '2001:0db8::/32' })).text).to.equal(done)
    expect(await gateway.db('ip_block')).to.deep.equal([])
    expect((await send({ address: '2001:db8::/32' })).text).to.include('未被封禁')
    expect(await entries()).to.deep.equal([{ actor_id: admin.uid, target_id: 0, detail: '2001:db8::/32' }])
  })

  it('says what is no address', async () => {
    expect((await send({ address: '10.0.0.0/' })).text).to.include('请填写 IP 地址')
  })

  cases.namesWhatIsWrong({}, { address: undefined })
  cases.isOfTheConsole({ address: '203.0.113.9' })
})
