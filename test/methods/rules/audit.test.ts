import { expect } from 'chai'
import { transaction } from '../../../db/transaction.js'
import { keepHouse } from '../../../gateway/start/housekeeping.js'
import { audit } from '../../../methods/rules/audit.js'
import { withGateway } from '../../suite.js'

const day = 86_400_000

withGateway('the audit', { AUDIT_DAYS: '30' }, (gateway) => {
  beforeEach(() => gateway.db('audit_entry').delete())

  const entries = () => gateway.db('audit_entry').orderBy('audit_id')

  it('keeps who did what to whom, when and from where', async () => {
    const { services, clock } = gateway
    clock.freeze(Date.now())
    const call = { action: 'front.account.login.login', session: undefined, ip: '192.0.2.1' }
    await audit(services, call, {})
    await audit(services, call, {
      outcome: 'PASSWORD_WRONG',
      actorId: 3,
      actor: 'zhang_san',
      targetId: 4,
      detail: 'third time',
    })
    const [first, second] = await entries()
    expect(first).to.deep.equal({
      audit_id: first?.audit_id,
      happened_at: clock.now(),
      action: 'front.account.login.login',
      outcome: 'ok',
      actor_id: 0,
      actor: '',
      target_id: 0,
      ip: '192.0.2.1',
      request_id: '',
      detail: '',
    })
    expect(second).to.include({
      outcome: 'PASSWORD_WRONG',
      actor_id: 3,
      actor: 'zhang_san',
      target_id: 4,
      detail: 'third time',
    })
  })

  it('keeps who is signed in as who acted, and a row for each of several events', async () => {
    const session = { userId: 3, tokenId: 't', expiresAt: 0 }
    const call = { action: 'manage.account.userDeliveryAddress.removeBatch', session, ip: '192.0.2.1' }
    await audit(gateway.services, call, { targetId: 4 }, { targetId: 5, actorId: 6 })
    expect((await entries()).map(({ actor_id, target_id }) => [actor_id, target_id])).to.deep.equal([
      [3, 4],
      [6, 5],
    ])
  })

  it('cuts what is too long, between characters', async () => {
    const { services } = gateway
    const long = '😀'.repeat(300)
    const call = { action: long, session: undefined, ip: 'x'.repeat(300) }
    await audit(services, call, { outcome: long, actor: long, detail: long })
    const [entry] = await entries()
    expect(entry).to.include({
      action: '😀'.repeat(64),
      outcome: '😀'.repeat(40),
      actor: '😀'.repeat(64),
      ip: 'x'.repeat(45),
      detail: '😀'.repeat(255),
    })
  })

  it('keeps nothing of what was taken back', async () => {
    const { services } = gateway
    const failing = transaction(services, async (services) => {
      await audit(services, { action: 'x', session: undefined, ip: '' }, {})
      throw new Error('taken back')
    })
    await failing.catch((error: Error) => expect(error.message).to.equal('taken back'))
    expect(await entries()).to.deep.equal([])
  })

  it('forgets what is older than AUDIT_DAYS, when the house is kept', async () => {
    const { services, clock } = gateway
    const record = (action: string) => audit(services, { action, session: undefined, ip: '' }, {})
    clock.freeze(Date.now())
    await record('old')
    clock.advance(1)
    await record('kept')
    clock.advance(30 * day)
    await record('new')
    await keepHouse(services)
    expect((await entries()).map(({ action }) => action)).to.deep.equal(['kept', 'new'])
  })
})
