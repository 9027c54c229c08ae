import { expect } from 'chai'
import { claimIdentity, verifyIdentity } from '../../../../../db/identities.js'
import { addConsoleAdmin, consoleSession } from '../../../../console.js'
import { done, failed } from '../../../../answers.js'
import { isAlive } from '../../account/administrators.js'
import { withConsole } from '../suite.js'

withConsole('manage.console.user.unbind', {}, ({ gateway, admin, send, entries, isOfTheConsole }) => {
  const addressesOf = async (uid: number) => {
    const { db } = gateway
    const info = await db('account_user_info').where({ user_id: uid }).first('user_mobile', 'user_email')
    const owned: string[] = await db('user_identity').where({ user_id: uid }).orderBy('value').pluck('value')
    return [info?.user_mobile, info?.user_email, ...owned]
  }

  it('takes a number, whose owner is told of it, and ends the sessions', async () => {
    const user = await gateway.addUser({ mobile: '13940000001', email: 'keeps1@example.com' })
    const token = await user.startSession()
    expect((await send({ user_id: user.uid, way: 'mobile' })).text).to.equal(done)
    expect(await addressesOf(user.uid)).to.deep.equal(['', 'keeps1@example.com', 'keeps1@example.com'])
    expect(await isAlive(gateway, token)).to.equal(false)
    expect(await gateway.sentTo('+8613940000001')).to.have.length(1)
    expect(await entries()).to.deep.equal([{ actor_id: admin.uid, target_id: user.uid, detail: 'mobile' }])
    const other = await gateway.addUser({ mobile: '13940000001' })
    expect((await addressesOf(other.uid))[2]).to.equal('+8613940000001')
  })

  it('takes an e-mail address, however the row writes it', async () => {
    const user = await gateway.addUser({ mobile: '13940000002', email: 'Goes@Example.com' })
    expect((await send({ user_id: user.uid, way: 'email' })).text).to.equal(done)
    expect(await addressesOf(user.uid)).to.deep.equal(['13940000002', '', '+8613940000002'])
    expect(await gateway.sentTo('goes@example.com')).to.have.length(1)
  })

  it('takes a WeChat', async () => {
    const { db } = gateway
    const user = await gateway.addUser({ mobile: '13940000003' })
    const bound = {
      user_id: user.uid,
      bind_type: 15,
      bind_id: 'openid-1',
      bind_openid: 'openid-1',
      bind_time: 1,
    }
    await db('account_user_bind_connect').insert(bound)
    const own = {
      kind: 'wechat',
      value: 'wx1:openid-1',
      user_id: user.uid,
      verified_at: 1,
      created_at: 1,
    } as const
    await db('user_identity').insert(own)
    expect((await send({ user_id: user.uid, way: 'web' })).text).to.equal(failed)
    expect((await send({ user_id: user.uid, way: 'mini' })).text).to.equal(done)
    expect(await addressesOf(user.uid)).to.deep.equal(['13940000003', '', '+8613940000003'])
    expect(await db('account_user_bind_connect').where({ user_id: user.uid })).to.deep.equal([])
    expect(await gateway.sentTo('+8613940000003')).to.have.length(1)
  })

  it('leaves the last way to sign in, and one of several parallel calls finds it the last', async () => {
    const { db } = gateway
    const user = await gateway.addUser({ mobile: '13940000004', email: 'last@example.com' })
    await db('account_user_base').where({ user_id: user.uid }).update({ user_password: '' })
    const answers = await Promise.all(['mobile', 'email'].map((way) => send({ user_id: user.uid, way })))
    const results = answers.map(({ json }) => json?.['error'] ?? 'done')
    expect(results).to.have.members(['LAST_WAY', 'done'])
  })

  it('takes a claim that is not proved, without which nobody is told', async () => {
    const { db } = gateway
    const user = await gateway.addUser({ email: 'stays@example.com' })
    await claimIdentity(db, { kind: 'mobile', value: '+8613940000005', user_id: user.uid, created_at: 1 })
    await db('account_user_info').where({ user_id: user.uid }).update({ user_mobile: '13940000005' })
    expect((await send({ user_id: user.uid, way: 'mobile' })).text).to.equal(done)
    expect(await gateway.sentTo('+8613940000005')).to.deep.equal([])
  })

  it('never takes what another user owns', async () => {
    const { db } = gateway
    const owner = await gateway.addUser({ mobile: '13940000006' })
    const user = await gateway.addUser()
    await db('account_user_info').where({ user_id: user.uid }).update({ user_mobile: '13940000006' })
    expect((await send({ user_id: user.uid, way: 'mobile' })).text).to.equal(done)
    expect(await addressesOf(user.uid)).to.deep.equal(['', ''])
    expect(await addressesOf(owner.uid)).to.deep.equal(['13940000006', '', '+8613940000006'])
    expect(await gateway.sentTo('+8613940000006')).to.deep.equal([])
  })

  it('fails for what is not bound, for nobody, and for one above', async () => {
    const bare = await gateway.addUser()
    for (const way of ['mobile', 'email', 'official'])
      expect((await send({ user_id: bare.uid, way })).text, way).to.equal(failed)
    expect((await send({ user_id: 404_404, way: 'mobile' })).text).to.equal(failed)
    expect((await send({ user_id: bare.uid, way: 'password' })).json).to.include({ error: 'PARAM_ERROR' })
    const { uid } = await addConsoleAdmin(gateway)
    const own = {
      kind: 'email',
      value: 'boss@example.com',
      user_id: uid,
      verified_at: 1,
      created_at: 1,
    } as const
    await verifyIdentity(gateway.db, own)
    const officer = await consoleSession(gateway, { paths: ['/manage/console/user/*'] })
    const answer = await officer.call('manage.console.user.unbind', { user_id: uid, way: 'email' })
    expect(answer.text).to.equal(failed)
  })

  isOfTheConsole({ user_id: 1, way: 'mobile' })
})
