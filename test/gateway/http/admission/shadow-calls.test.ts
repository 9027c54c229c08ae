import { expect } from 'chai'
import { withGateway } from '../../../suite.js'

const send = { 'X-Shadow': 'send' }
const check = { 'X-Shadow': 'check' }

withGateway('a copy of a call, at a server that sends', (gateway) => {
  it('is refused before anything is looked at, on every path', async () => {
    for (const path of [
      '/gateway?method=open.passport.get',
      '/front/account/user/info',
      '/verify-email',
      '/x',
    ]) {
      const { status, json } = await gateway.request(path, { headers: check })
      expect([status, json?.code], path).to.deep.equal([412, 412])
    }
    await gateway.call('web.passport.sendcode', { mobile: '13912345678' }, { headers: send })
    expect(await gateway.sentTo('+8613912345678')).to.deep.equal([])
  })
})

withGateway('a copy of a call, at a captured server', { OUTSIDE: 'captured' }, (gateway) => {
  const contacts = async (uid: string) => (await gateway.call('web.passport.getUserContacts', { uid })).text

  it('is made, and the text is captured', async () => {
    const answer = await gateway.call('web.passport.sendcode', { mobile: '13912345679' }, { headers: send })
    expect(answer.json?.code).to.equal(200)
    expect(await gateway.sentTo('+8613912345679')).to.have.length(1)
  })

  it('that is only to be checked changes nothing, and says so', async () => {
    const uid = String((await gateway.addUser()).uid)
    const before = await contacts(uid)
    const write = (params: Record<string, string>, headers: Record<string, string>) =>
      gateway.call('web.passport.modifyUserContacts', params, { headers, verb: 'POST' })
    const checked = await write({ uid, full_address: '上海市/1' }, check)
    expect([checked.status, checked.text]).to.deep.equal([202, '{"code":202,"message":"校验通过，未执行"}'])
    expect(await contacts(uid)).to.equal(before)
    const shop = await gateway.request('/front/account/login/login?user_account=a&password=b', {
      headers: check,
    })
    expect([shop.status, shop.json?.['error']]).to.deep.equal([202, 'CHECKED_ONLY'])
    await write({ uid, full_address: '上海市/1' }, send)
    expect(await contacts(uid)).to.not.equal(before)
  })

  it('is refused as ever where a check fails, and a reading call answers as ever', async () => {
    const wrong = await gateway.call('web.passport.modifyUserContacts', { uid: 'x' }, { headers: check })
    expect(wrong.json?.code).to.equal(421)
    const unsigned = await gateway.call('web.passport.sendcode', {}, { headers: check, app: null })
    expect(unsigned.json?.code).to.equal(500)
    const uid = String((await gateway.addUser()).uid)
    const read = await gateway.call('web.passport.getUserContacts', { uid }, { headers: check })
    expect(read.json?.code).to.equal(200)
  })

  it('has an outbox for this machine, of one address too', async () => {
    await gateway.call('web.passport.sendcode', { mobile: '13912345677' })
    const ask = async (address: string) => {
      const headers = { Accept: 'application/json' }
      const { text } = await gateway.request(`/outbox?address=${encodeURIComponent(address)}`, { headers })
      return (JSON.parse(text) as { address: string }[]).map((message) => message.address)
    }
    expect(await ask('+8613912345677')).to.deep.equal(['+8613912345677'])
    expect(await ask('+8613900000000')).to.deep.equal([])
    const throughProxy = await gateway.request('/outbox', { headers: { 'X-Forwarded-For': '192.0.2.7' } })
    expect([throughProxy.status, throughProxy.text]).to.deep.equal([
      403,
      'the outbox is for this machine, or who holds OUTSIDE_TOKEN once it is set\n',
    ])
  })

  it('finds it named by /readyz', async () => {
    const { json } = await gateway.request('/readyz')
    expect(json).to.include({ status: 'ready', outside: 'captured' })
  })
})
