import { expect } from 'chai'
import {
  done,
  failed,
  loginRequired,
  paramRefusal,
  permissionDenied,
  tokenBroken,
} from '../../../../answers.js'
import { duringGateway, type TestUser } from '../../../../harness.js'
import { addAdmin, isAlive } from '../administrators.js'
import { prepared } from '../../../../suite.js'
import { withAdmin } from '../suite.js'

withAdmin('manage.account.user.edit', ({ gateway, database, admin, path, send }) => {
  const user = prepared(beforeEach, () => gateway.addUser())
  beforeEach(() => gateway.db('audit_entry').delete())

  const edit = (params: Record<string, string>) => send({ user_id: String(user.uid), ...params })
  const infoOf = ({ uid }: TestUser) => gateway.db('account_user_info').where({ user_id: uid }).first()
  const audit = () => gateway.db('audit_entry').select()

  it('locks a user and ends all sessions of the user at once', async () => {
    const tokens = [await user.startSession(), await user.startSession()]
    for (const token of tokens) expect(await isAlive(gateway, token)).to.equal(true)
    expect((await edit({ user_state: '0' })).text).to.equal(done)
    for (const token of tokens) expect(await isAlive(gateway, token)).to.equal(false)
    expect((await infoOf(user))?.user_state).to.equal(0)
  })

  it('ends them on other nodes within five seconds', async () => {
    await duringGateway(database, {}, async (other) => {
      const token = await user.startSession()
      expect(await isAlive(other, token)).to.equal(true)
      await edit({ user_state: '0' })
      const giveUpAt = Date.now() + 5000
      while ((await isAlive(other, token)) && Date.now() < giveUpAt)
        await new Promise((resolve) => setTimeout(resolve, 100))
      expect(Date.now()).to.be.below(giveUpAt)
    })
  }).timeout(15_000)

  it('lets the user in again, but none of the old sessions', async () => {
    const token = await user.startSession()
    await edit({ user_state: '0' })
    expect((await edit({ user_state: '1' })).text).to.equal(done)
    expect(await isAlive(gateway, token)).to.equal(false)
    expect(await isAlive(gateway, await user.startSession())).to.equal(true)
  })

  it('gives a level, which ends no session', async () => {
    const token = await user.startSession()
    expect((await edit({ userLevelId: '1002' })).text).to.equal(done)
    expect((await infoOf(user))?.user_level_id).to.equal(1002)
    expect(await isAlive(gateway, token)).to.equal(true)
    expect((await edit({ user_level_id: '0' })).text).to.equal(done)
    expect((await infoOf(user))?.user_level_id).to.equal(0)
  })

  it('changes both together or nothing: a level that is none takes the state back too', async () => {
    const token = await user.startSession()
    expect((await edit({ user_state: '0', user_level_id: '77' })).text).to.equal(failed)
    expect((await infoOf(user))?.user_state).to.equal(1)
    expect(await isAlive(gateway, token)).to.equal(true)
    expect(await audit()).to.deep.equal([])
    expect((await edit({ user_state: '0', user_level_id: '1001' })).text).to.equal(done)
    expect(await infoOf(user)).to.include({ user_state: 0, user_level_id: 1001 })
  })

  it('writes who changed what into the audit', async () => {
    gateway.clock.freeze(Date.now())
    await edit({ user_state: '2', user_level_id: '1003' })
    const [entry, ...more] = await audit()
    expect(more).to.deep.equal([])
    expect(entry).to.include({
      happened_at: gateway.clock.now(),
      action: 'manage.account.user.edit',
      outcome: 'ok',
      actor_id: admin.uid,
      target_id: user.uid,
      ip: '127.0.0.1',
      detail: 'user_state 1 -> 2, user_level_id 1001 -> 1003',
    })
  })

  it('fails when nothing changes or there is no such user', async () => {
    for (const params of [{}, { user_state: '1' }, { user_level_id: '1001' }, { user_state: '' }] as const)
      expect((await edit(params)).text).to.equal(failed)
    expect((await edit({ user_id: '404404', user_state: '0' })).text).to.equal(failed)
    expect(await audit()).to.deep.equal([])
  })

  it('changes once, however many ask for the same at a time', async () => {
    const answers = await Promise.all(Array.from({ length: 8 }, () => edit({ user_state: '0' })))
    expect(answers.filter(({ text }) => text === done)).to.have.length(1)
    expect(answers.filter(({ text }) => text === failed)).to.have.length(7)
    expect(await audit()).to.have.length(1)
  })

  it('does not let an administrator lock their own account', async () => {
    for (const user_state of ['0', '2'])
      expect((await edit({ user_id: String(admin.uid), user_state })).text).to.equal(failed)
    expect((await infoOf(admin))?.user_state).to.equal(1)
    expect(await isAlive(gateway, admin.token)).to.equal(true)
  })

  it('changes nothing else, whatever is sent with it', async () => {
    const before = await infoOf(user)
    const base = () => gateway.db('account_user_base').where({ user_id: user.uid }).first()
    const baseBefore = await base()
    const more = {
      user_password: 'stolen',
      user_salt: '',
      user_is_authentication: '2',
      user_role_id: '1',
      role_id: '1',
      user_account: 'root',
      user_nickname: 'root',
      user_mobile: '13900000000',
      user_email: 'root@example.com',
      user_money: '1000000',
      session_generation: '0',
    }
    expect((await edit(more)).text).to.equal(failed)
    expect((await edit({ ...more, user_level_id: '1002' })).text).to.equal(done)
    expect(await infoOf(user)).to.deep.equal({ ...before, user_level_id: 1002 })
    expect(await base()).to.deep.equal(baseBefore)
    expect(await gateway.db('admin_user_admin').where({ user_id: user.uid }).select()).to.deep.equal([])
  })

  it('says which parameter is wrong', async () => {
    const wrong = [
      [{ user_state: '3' }, 'user_state: integer from 0 to 2'],
      [{ user_state: '-1' }, 'user_state: integer from 0 to 2'],
      [{ user_state: '0 or 1=1' }, 'user_state: integer from 0 to 2'],
      [{ user_level_id: 'x' }, 'user_level_id: integer from 0 to 2147483647'],
      [{ user_id: '1e3' }, 'user_id: integer from 0 to 9007199254740991'],
    ] as const
    for (const [params, detail] of wrong) expect((await edit(params)).text).to.equal(paramRefusal(detail))
  })

  it('is for administrators: nobody else hears even what it takes', async () => {
    expect((await gateway.request(path, { method: 'POST' })).text).to.equal(loginRequired)
    const member = await user.startSession()
    const asMember = (query: string) =>
      gateway.request(`${path}?perm_key=${member}&${query}`, { method: 'POST' })
    expect((await asMember('')).text).to.equal(permissionDenied)
    expect((await asMember(`user_id=${admin.uid}&user_state=0`)).text).to.equal(permissionDenied)
    expect((await asMember(`user_id=${user.uid}&user_level_id=1003`)).text).to.equal(permissionDenied)
    expect(await isAlive(gateway, admin.token)).to.equal(true)
    const { status, json } = await gateway.request(`${path}?perm_key=${admin.token}`)
    expect([status, json?.['error']]).to.deep.equal([405, 'VERB_NOT_ALLOWED'])
  })

  it('refuses an administrator who was locked', async () => {
    const other = await addAdmin(gateway)
    expect((await edit({ user_id: String(other.uid), user_state: '0' })).text).to.equal(done)
    expect((await other.post(path, { user_id: String(admin.uid), user_state: '0' })).text).to.equal(
      tokenBroken,
    )
  })

  it('changes a user of an imported table that has no info row yet', async () => {
    await gateway.db('account_user_info').where({ user_id: user.uid }).delete()
    expect((await edit({ user_state: '1' })).text).to.equal(failed)
    expect((await edit({ user_state: '0' })).text).to.equal(done)
    expect((await infoOf(user))?.user_state).to.equal(0)
  })
})
