import { expect } from 'chai'
import { done, failed } from '../../../../answers.js'
import type { TestUser } from '../../../../harness.js'
import { prepared } from '../../../../suite.js'
import { forAdministrators, withAdmin } from '../suite.js'

withAdmin('manage.account.user.reviewCertificate', ({ gateway, admin, send, refusals }) => {
  const user = prepared(beforeEach, () => gateway.addUser())
  beforeEach(async () => {
    const { db } = gateway
    await db('audit_entry').delete()
    await db('account_user_info').where({ user_id: user.uid }).update({ user_is_authentication: 1 })
    await db('user_certificate').insert({ user_id: user.uid, sealed_idcard: 'sealed', submitted_at: 5 })
  })

  const review = (params: Record<string, string>) => send({ user_id: String(user.uid), ...params })
  const stateOf = async ({ uid }: TestUser) =>
    (await gateway.db('account_user_info').where({ user_id: uid }).first())?.user_is_authentication
  const noticesOf = ({ uid }: TestUser) => gateway.db('account_user_message').where({ user_id: uid }).select()

  it('lets a waiting certificate pass, tells the user and writes the audit', async () => {
    gateway.clock.freeze(Date.now())
    expect((await review({ passed: 'true' })).text).to.equal(done)
    expect(await stateOf(user)).to.equal(2)
    const now = gateway.clock.now()
    const [notice, ...more] = await noticesOf(user)
    expect(more).to.deep.equal([])
    expect(notice).to.include({
      message_kind: 2,
      message_type: 1,
      message_is_read: 0,
      message_title: '实名认证已通过 / Certificate passed',
      message_content: '您的实名认证已通过审核。 / Your certificate has passed its review.',
      message_time: now,
    })
    expect(await gateway.db('user_certificate').where({ user_id: user.uid }).first()).to.include({
      reviewed_at: now,
      reviewer_id: admin.uid,
      review_note: '',
    })
    expect(await gateway.db('audit_entry').first()).to.include({
      action: 'manage.account.user.reviewCertificate',
      actor_id: admin.uid,
      target_id: user.uid,
      detail: 'passed',
    })
  })

  it('lets it fail, with a note for the user', async () => {
    expect((await review({ passed: '0', note: '照片不清楚' })).text).to.equal(done)
    expect(await stateOf(user)).to.equal(3)
    const [notice] = await noticesOf(user)
    expect(notice?.message_title).to.equal('实名认证未通过 / Certificate failed')
    expect(notice?.message_content).to.equal(
      '您的实名认证未通过审核。 / Your certificate has failed its review. 照片不清楚',
    )
    expect(await gateway.db('user_certificate').where({ user_id: user.uid }).first()).to.include({
      review_note: '照片不清楚',
    })
  })

  it('takes the state that is wanted as well', async () => {
    expect((await review({ user_is_authentication: '3' })).text).to.equal(done)
    expect(await stateOf(user)).to.equal(3)
    await gateway.db('account_user_info').update({ user_is_authentication: 1 })
    expect((await review({ userIsAuthentication: '2' })).text).to.equal(done)
    expect(await stateOf(user)).to.equal(2)
  })

  it('fails where nothing waits: none handed in, reviewed already, no such user', async () => {
    const none = await gateway.addUser()
    expect((await review({ user_id: String(none.uid), passed: '1' })).text).to.equal(failed)
    expect((await review({ user_id: '404404', passed: '1' })).text).to.equal(failed)
    await review({ passed: '1' })
    expect((await review({ passed: '0' })).text).to.equal(failed)
    expect(await stateOf(user)).to.equal(2)
    expect(await noticesOf(user)).to.have.length(1)
    expect(await gateway.db('audit_entry').select()).to.have.length(1)
  })

  it('is decided once, however many decide at a time', async () => {
    const answers = await Promise.all(['1', '0', '1', '0', '1', '0'].map((passed) => review({ passed })))
    expect(answers.filter(({ text }) => text === done)).to.have.length(1)
    expect(await noticesOf(user)).to.have.length(1)
  })

  it('says which parameter is wrong', async () => {
    const wrong = [
      [{}, 'passed: boolean'],
      [{ passed: 'maybe' }, 'passed: boolean'],
      [{ user_is_authentication: '1' }, 'user_is_authentication: one of 2, 3'],
      [{ passed: '1', note: '<img src=x>' }, 'note: '],
      [{ passed: '1', note: 'x'.repeat(256) }, 'note: '],
    ] as const
    for (const [params, detail] of wrong) {
      const { json } = await review(params)
      expect(json?.code).to.equal(300)
      expect(json?.['msg']).to.include(`参数错误：${detail}`)
    }
    expect(await stateOf(user)).to.equal(1)
  })

  it('is for administrators', async () => {
    const passing = { user_id: String(user.uid), passed: '1' }
    expect(await refusals('POST', passing, user)).to.deep.equal(forAdministrators)
    expect(await stateOf(user)).to.equal(1)
  })
})
