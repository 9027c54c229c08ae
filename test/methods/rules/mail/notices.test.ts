import { expect } from 'chai'
import { startWebhook } from '../../../servers/sms/webhook.js'
import { onEachDatabase } from '../../../servers/databases.js'
import { prepared, useGateway, withGateway } from '../../../suite.js'

const hour = 3_600_000

withGateway('notices of changes', (gateway) => {
  before(() => gateway.clock.freeze(Date.UTC(2026, 0, 5, 8)))

  async function changePassword(uid: number, times: number): Promise<void> {
    for (let n = 0; n < times; n++) {
      const params = { uid: String(uid), newPassword: `a new password ${n}` }
      expect((await gateway.call('web.passport.changePwd', params)).json?.code).to.equal(200)
    }
  }

  it('reach a number three times an hour and ten times a day, however often a password is changed', async () => {
    const { uid } = await gateway.addUser({ mobile: '13600000001' })
    await changePassword(uid, 8)
    expect(await gateway.sentTo('+8613600000001')).to.have.length(3)
    for (let n = 0; n < 6; n++) {
      gateway.clock.advance(hour)
      await changePassword(uid, 4)
      // What is counted in this hour must have left in it.
      await gateway.sentTo('+8613600000001')
    }
    expect(await gateway.sentTo('+8613600000001')).to.have.length(10)
    gateway.clock.advance(24 * hour)
    await changePassword(uid, 1)
    expect(await gateway.sentTo('+8613600000001')).to.have.length(11)
  }).timeout(60_000)

  it('reach an e-mail address as seldom, and are left for another change', async () => {
    const email = 'notices@example.com'
    const { uid } = await gateway.addUser({ email })
    await changePassword(uid, 5)
    expect(await gateway.sentTo(email)).to.have.length(3)
    await gateway.services.queue.add(gateway.db, 'wechat-changed', { email })
    expect(await gateway.sentTo(email)).to.have.length(4)
    const metrics = await gateway.services.metrics.registry.metrics()
    expect(metrics).to.match(/gateway_notices_spared_total\{channel="mail"\} 2/)
  })

  it('are not used up by codes, nor codes by them', async () => {
    const { uid } = await gateway.addUser({ mobile: '13600000002' })
    await changePassword(uid, 3)
    expect((await gateway.call('web.passport.sendcode', { mobile: '13600000002' })).json?.code).to.equal(200)
    expect(await gateway.sentTo('+8613600000002')).to.have.length(4)
  })

  it('to a number that is not texted are given up', async () => {
    const { db, queue } = gateway.services
    await queue.add(db, 'mobile-changed', { area: '44', mobile: '2071234567' })
    expect(await gateway.sentTo('+442071234567')).to.deep.equal([])
    expect(await db('delivery_job')).to.deep.equal([])
  })
})

onEachDatabase('notices that a vendor does not take', (database) => {
  const webhook = prepared(before, () => startWebhook())
  const gateway = useGateway(database, () => ({
    SMS_PROVIDER: 'webhook',
    SMS_WEBHOOK_URL: webhook.url,
    NOTICE_PER_HOUR: '1',
  }))
  after(() => webhook.stop())

  it('are tried again, and count once', async () => {
    const { db, queue } = gateway.services
    webhook.status = 500
    await queue.add(db, 'password-changed', { area: '86', mobile: '13600000009' })
    await queue.runDue()
    webhook.status = 200
    webhook.clear()
    gateway.clock.advance(60_000)
    await queue.runDue()
    expect(webhook.bodies).to.have.length(1)
  })
})
