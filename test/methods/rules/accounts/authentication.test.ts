import { expect } from 'chai'
import { withGateway } from '../../../suite.js'

withGateway('a sign-in that strangers try to shut', { TRUST_PROXY: '127.0.0.1' }, (gateway) => {
  before(() => gateway.clock.freeze(Date.UTC(2026, 0, 5, 8)))

  const signIn = async (user_account: string, password: string, ip: string) => {
    const path = `/front/account/login/login?${new URLSearchParams({ user_account, password }).toString()}`
    const { json } = await gateway.request(path, { headers: { 'X-Real-IP': ip } })
    return json?.['status'] === 200 ? 'signed in' : json?.['error']
  }

  const accountOf = async (uid: number) =>
    (await gateway.db('account_user_base').where({ user_id: uid }).first())?.user_account ?? ''

  it('stays open from where the user has signed in before, and is guessed at no oftener from there', async () => {
    const { uid, password } = await gateway.addUser()
    const account = await accountOf(uid)
    expect(await signIn(account, password, '2001:db8:1:2::1')).to.equal('signed in')
    await gateway.services.signInRecords.flush()
    for (let n = 0; n < 5; n++)
      expect(await signIn(account, 'a wrong one', '203.0.113.7')).to.equal('PASSWORD_WRONG')
    expect(await signIn(account, password, '203.0.113.7')).to.equal('TOO_MANY_FAILURES')
    expect(await signIn(account, password, '203.0.113.8')).to.equal('TOO_MANY_FAILURES')
    // Of IPv6 the network counts: the last half changes every day.
    expect(await signIn(account, password, '2001:db8:1:2::9')).to.equal('signed in')
    for (let n = 0; n < 5; n++)
      expect(await signIn(account, 'a wrong one', '2001:db8:1:2::9')).to.equal('PASSWORD_WRONG')
    expect(await signIn(account, password, '2001:db8:1:2::9')).to.equal('TOO_MANY_FAILURES')
  })

  it('pauses one of a user’s names, and so tells nothing of the others', async () => {
    const mobile = '13600001234'
    const email = 'one-person@example.com'
    const { uid, password } = await gateway.addUser({ mobile, email })
    const names = [await accountOf(uid), mobile, email]
    const answers = async (guessed: string, tried: string) => {
      for (let n = 0; n < 5; n++) await signIn(guessed, 'a wrong one', '203.0.113.7')
      return [await signIn(guessed, 'another', '203.0.113.7'), await signIn(tried, 'another', '203.0.113.7')]
    }
    const ofStrangers = await answers('user-nobody-has-1', '13600001235')
    expect(ofStrangers).to.deep.equal(['TOO_MANY_FAILURES', 'PASSWORD_WRONG'])
    expect(await answers(names[0] ?? '', names[1] ?? '')).to.deep.equal(ofStrangers)
    expect(await answers(names[1] ?? '', names[2] ?? '')).to.deep.equal(ofStrangers)
    expect(await signIn(email, password, '192.0.2.1')).to.equal('signed in')
    expect(await signIn(`+86${mobile}`, password, '203.0.113.7')).to.equal('TOO_MANY_FAILURES')
  })

  it('pauses another way of writing a name for the known and the unknown alike', async () => {
    const { uid } = await gateway.addUser()
    for (const account of [await accountOf(uid), 'user-nobody-has']) {
      for (let n = 0; n < 5; n++) await signIn(account, 'a wrong one', '203.0.113.7')
      for (const written of [account.toUpperCase(), account.replace('u', 'ｕ'), account.replace('s', 'ß')])
        expect(await signIn(written, 'a wrong one', '203.0.113.7'), written).to.equal('TOO_MANY_FAILURES')
    }
  })
})
