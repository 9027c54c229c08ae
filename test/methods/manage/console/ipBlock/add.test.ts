import { expect } from 'chai'
import { done } from '../../../../answers.js'
import { withConsole } from '../suite.js'

withConsole('manage.console.ipBlock.add', {}, ({ gateway, admin, send, entries, ...cases }) => {
  const blocked = async () => {
    const rows = await gateway.db('ip_block').select('address', 'reason', 'created_at', 'expires_at')
    return new Map(rows.map((row) => [row.address, row]))
  }

  it('blocks an address or a range in any spelling, for a time or for good', async () => {
    expect((await send({ address: '2001:DB8:0:0::/32', reason: '<b>短信</b>' })).text).to.equal(done)
    expect((await send({ address: ' 203.0.113.7 ', hours: 1.5 })).text).to.equal(done)
    const rows = await blocked()
    expect(rows.get('2001:db8::/32')).to.include({ reason: '<b>短信</b>', expires_at: null })
    const one = rows.get('203.0.113.7')
    expect(Number(one?.expires_at) - Number(one?.created_at)).to.equal(1.5 * 3_600_000)
    const noted = { actor_id: admin.uid, target_id: 0 }
    expect(await entries()).to.deep.equal([
      { ...noted, detail: '2001:db8::/32, until unblocked' },
      { ...noted, detail: '203.0.113.7, 1.5 hours' },
    ])
  })

  it('replaces an earlier block of the same address', async () => {
    await send({ address: '203.0.113.7' })
    expect((await blocked()).get('203.0.113.7')).to.include({ expires_at: null })
  })

  it('says what is no address', async () => {
    expect((await send({ address: '10.0.0.0/' })).text).to.include('请填写 IP 地址')
    expect((await blocked()).size).to.equal(2)
  })

  it('blocks nobody out of the console by mistake', async () => {
    for (const address of ['127.0.0.1', '0.0.0.0/0'])
      expect((await send({ address })).text).to.include('不能封禁您自己的地址')
    for (const address of ['128.0.0.0/1', '8000::/1'])
      expect((await send({ address })).text).to.include('网段过大')
  })

  const right = { address: '203.0.113.9' }
  cases.namesWhatIsWrong(right, { address: undefined, hours: 0, reason: '长'.repeat(256) })
  cases.wantsProof(right)
  cases.isOfTheConsole(right)
})
