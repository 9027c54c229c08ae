import { expect } from 'chai'
import { withGateway } from '../../../suite.js'
import { check, failuresOf } from './checked-server.js'

withGateway('The contract pack, asked of this server', { LIMIT_IP_SCALE: '10000' }, (gateway) => {
  it('passes in all that only reads', async () => {
    const report = await check(gateway.url, { signer: gateway.web })
    expect(failuresOf(report)).to.deep.equal([])
    expect(report).to.include({ score: 100, waits: 0 })
    expect(report.absent).to.deep.equal([])
    expect(report.checks).to.be.above(450)
    expect(report.methods.length).to.be.at.least(50)
    expect(report.left).to.deep.equal([])
  })

  it('changes nothing by reading', async () => {
    const tables = ['account_user_base', 'account_user_login_history', 'outbox_message'] as const
    const counts = () =>
      Promise.all(
        tables.map(async (table) => [table, (await gateway.db(table).count({ rows: '*' }))[0]?.['rows']]),
      )
    const before = await counts()
    await check(gateway.url, { signer: gateway.web })
    expect(await counts()).to.deep.equal(before)
  })

  it('passes for an application of scheme hmac-sha256', async () => {
    const signer = await gateway.addApp({ name: 'newer', grants: ['*'], scheme: 'hmac-sha256' })
    const report = await check(gateway.url, { signer, wants: (name) => name.startsWith('web.') })
    expect(failuresOf(report)).to.deep.equal([])
    expect(report.score).to.equal(100)
  })

  it('passes in all that writes, and puts back what it changed', async () => {
    const user = await gateway.addUser({ password: 'Secret-12345' })
    const row = await gateway.db('account_user_base').where({ user_id: user.uid }).first('user_account')
    const users = [{ uid: user.uid, account: String(row?.['user_account']), password: user.password }]
    const report = await check(gateway.url, { signer: gateway.web, users, writes: true })
    expect(failuresOf(report)).to.deep.equal([])
    expect(report.score).to.equal(100)
    expect(report.checks).to.be.above(900)
    expect(report.methods.length).to.be.at.least(125)
    const right = await gateway.call('web.passport.verifyUserPwd', {
      uid: String(user.uid),
      password: user.password,
    })
    expect(right.json?.code).to.equal(200)
    expect(await gateway.db('account_user_delivery_address').where({ user_id: user.uid })).to.deep.equal([])
    expect(await gateway.db('outbox_message').select('*')).to.deep.equal([])
    expect(report.left).to.have.length(1)
  })

  it('says that it needs users where nobody may register by account alone', async () => {
    const report = await check(gateway.url, {
      signer: gateway.web,
      writes: true,
      wants: (name) => name === 'web.passport.getUserHabits',
    })
    expect(report.score).to.equal(100)
    expect(report.notChecked.map(({ reason }) => reason).join()).to.contain('--users FILE')
  })
})
