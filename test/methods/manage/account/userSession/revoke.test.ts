import { expect } from 'chai'
import { done, failed, loginRequired, paramRefusal, permissionDenied } from '../../../../answers.js'
import type { TestUser } from '../../../../harness.js'
import { isAlive, listOf } from '../administrators.js'
import { prepared } from '../../../../suite.js'
import { withAdmin } from '../suite.js'

withAdmin('manage.account.userSession.revoke', ({ gateway, admin, path, send }) => {
  const user = prepared(beforeEach, () => gateway.addUser())
  beforeEach(() => gateway.db('audit_entry').delete())

  const revoke = (params: Record<string, string>) => send(params)
  const sessionIds = async ({ uid }: TestUser) =>
    listOf<{ session_id: string }>(
      await admin.get('/manage/account/userSession/list', { user_id: String(uid) }),
    ).items.map(({ session_id }) => session_id)
  const audit = () => gateway.db('audit_entry').select()

  it('ends one session at once and leaves the others', async () => {
    const ended = await user.startSession()
    const [id = ''] = await sessionIds(user)
    const kept = await user.startSession()
    expect(await isAlive(gateway, ended)).to.equal(true)
    expect((await revoke({ session_id: id })).text).to.equal(done)
    expect([await isAlive(gateway, ended), await isAlive(gateway, kept)]).to.deep.equal([false, true])
    expect((await revoke({ sessionId: id })).text).to.equal(failed)
    const [entry, ...more] = await audit()
    expect(more).to.deep.equal([])
    expect(entry).to.include({
      action: 'manage.account.userSession.revoke',
      actor_id: admin.uid,
      target_id: user.uid,
      detail: 'one session',
    })
    expect(JSON.stringify(entry)).not.to.include(id)
  })

  it('ends all sessions of a user, and nobody else', async () => {
    const other = await (await gateway.addUser()).startSession()
    const tokens = [await user.startSession(), await user.startSession()]
    for (const token of tokens) expect(await isAlive(gateway, token)).to.equal(true)
    expect((await revoke({ user_id: String(user.uid) })).text).to.equal(done)
    for (const token of tokens) expect(await isAlive(gateway, token)).to.equal(false)
    expect(await isAlive(gateway, other)).to.equal(true)
    expect(await isAlive(gateway, await user.startSession())).to.equal(true)
    expect((await audit()).map(({ detail }) => detail)).to.deep.equal(['all sessions'])
  })

  it('fails where nothing is alive, of nobody, and for the session of another user', async () => {
    expect((await revoke({ user_id: String(user.uid) })).text).to.equal(failed)
    expect((await revoke({ user_id: '404404' })).text).to.equal(failed)
    expect((await revoke({ session_id: 'nothing' })).text).to.equal(failed)
    const token = await user.startSession()
    const [id = ''] = await sessionIds(user)
    expect((await revoke({ session_id: id, user_id: String(admin.uid) })).text).to.equal(failed)
    expect(await isAlive(gateway, token)).to.equal(true)
    expect(await isAlive(gateway, admin.token)).to.equal(true)
    expect((await revoke({ session_id: id, user_id: String(user.uid) })).text).to.equal(done)
    expect(await audit()).to.have.length(1)
  })

  it('ends a session once, however many ask for it at a time', async () => {
    await user.startSession()
    const [session_id = ''] = await sessionIds(user)
    const answers = await Promise.all(Array.from({ length: 8 }, () => revoke({ session_id })))
    expect(answers.filter(({ text }) => text === done)).to.have.length(1)
    expect(await audit()).to.have.length(1)
  })

  it('wants a session or a user', async () => {
    for (const params of [{}, { session_id: '' }, { session_id: 'null', user_id: '' }] as const)
      expect((await revoke(params)).text).to.equal(paramRefusal('session_id: text, or user_id: integer'))
  })

  it('is for administrators: a member may not even end an own one', async () => {
    const token = await user.startSession()
    const query = `perm_key=${token}&user_id=${user.uid}`
    expect((await gateway.request(`${path}?${query}`, { method: 'POST' })).text).to.equal(permissionDenied)
    expect((await gateway.request(path, { method: 'POST' })).text).to.equal(loginRequired)
    expect(await isAlive(gateway, token)).to.equal(true)
  })
})
