import { expect } from 'chai'
import { admitted, codeOf, leavesServersAlone } from '../applications.js'
import { withConsole } from '../suite.js'

const method = 'manage.console.application.editState'

withConsole(method, {}, ({ gateway, admin, send, entries, ...cases }) => {
  it('shuts one out and lets it in again', async () => {
    const app = await gateway.addApp({ name: 'switched' })
    await send({ name: 'switched', enabled: false })
    expect(await codeOf(gateway, app)).to.equal(500)
    await send({ name: 'switched', enabled: true })
    expect(await codeOf(gateway, app)).to.equal(admitted)
    const noted = { actor_id: admin.uid, target_id: 0 }
    expect(await entries()).to.deep.equal([
      { ...noted, detail: 'application switched: enabled false' },
      { ...noted, detail: 'application switched: enabled true' },
    ])
  })

  it('says which application there is not', async () => {
    expect((await send({ name: 'nobody', enabled: false })).text).to.include('没有应用 nobody')
  })

  const right = { name: 'web', enabled: false }
  leavesServersAlone(gateway, method, right)
  cases.namesWhatIsWrong(right, { name: undefined, enabled: undefined })
  cases.namesWhatIsWrong(right, { enabled: 'perhaps' })
  cases.wantsProof(right)
  cases.isOfTheConsole(right)
})
