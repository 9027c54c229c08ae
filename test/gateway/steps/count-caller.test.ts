import { expect } from 'chai'
import { listCallers } from '../../../db/listed-callers.js'
import { withGateway } from '../../suite.js'

withGateway('what is counted of a call', (gateway) => {
  it('is each parameter that is on its way out, by whichever of its names it is sent', async () => {
    const name = 'web.passport.checkVerifyMobile'
    const method = gateway.gateway.table.byName.get(name) ?? expect.fail()
    const { contract } = method
    const value = [
      ['area', ['area', 'country']],
      ['mobile', ['mobile']],
      ['uid', ['uid']],
    ]
    const app = await gateway.addApp()
    Object.assign(method, { contract: Object.create(contract, { deprecatedParameters: { value } }) })
    try {
      await gateway.call(name, { mobile: '13912345678', country: '86' }, { app })
      await gateway.call(name, { mobile: '13912345678' }, { app })
      await gateway.call('open.passport.get', { uid: '1' }, { app })
    } finally {
      Object.assign(method, { contract })
    }
    await gateway.services.callers.flush()
    const rows = await listCallers(gateway.db, { app: app.name }, 100)
    const found = rows.filter(({ finding }) => finding !== '')
    expect(found.map(({ finding, method, calls }) => `${finding} ${method} ${calls}`)).to.have.members([
      `deprecated:area ${name} 1`,
      `deprecated:mobile ${name} 2`,
    ])
    const narrowed = await listCallers(gateway.db, { app: app.name, finding: 'deprecated:mobile' }, 100)
    expect(narrowed.map(({ calls }) => calls)).to.deep.equal([2])
  })
})
