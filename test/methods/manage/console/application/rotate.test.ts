import { expect } from 'chai'
import { admitted, codeOf, getApplication, leavesServersAlone } from '../applications.js'
import { withConsole } from '../suite.js'

const method = 'manage.console.application.rotate'

withConsole(method, {}, ({ gateway, admin, ask, send, entries, ...cases }) => {
  it('gives a new secret without a refused call: the one before stays good beside it', async () => {
    const app = await gateway.addApp({ name: 'rotated' })
    const secret = String((await ask({ name: 'rotated' }))['secret'])
    expect(await codeOf(gateway, app)).to.equal(admitted)
    expect(await codeOf(gateway, { ...app, secret })).to.equal(admitted)
    expect(await getApplication(admin, 'rotated')).to.include({ live_secrets: 2 })
    const noted = await entries()
    expect(noted).to.deep.equal([{ actor_id: admin.uid, target_id: 0, detail: 'application rotated' }])
    expect(JSON.stringify(noted)).to.not.include(secret)
  })

  it('says which application there is not', async () => {
    expect((await send({ name: 'nobody' })).text).to.include('没有应用 nobody')
  })

  leavesServersAlone(gateway, method)
  cases.namesWhatIsWrong({}, { name: undefined })
  cases.wantsProof({ name: 'web' })
  cases.isOfTheConsole({ name: 'web' })
})
