import { expect } from 'chai'
import { done } from '../../../../answers.js'
import { dataOf } from '../../../../harness.js'
import { admitted, codeOf, leavesServersAlone } from '../applications.js'
import { withConsole } from '../suite.js'

const method = 'manage.console.application.retire'

withConsole(method, {}, ({ gateway, admin, send, entries, ...cases }) => {
  it('ends the old secret, once there is a newer one', async () => {
    const app = await gateway.addApp({ name: 'rotated' })
    expect((await send({ name: 'rotated' })).text).to.include('只有一个密钥')
    const rotated = await admin.call('manage.console.application.rotate', { name: 'rotated' })
    const { secret } = dataOf<{ secret: string }>(rotated.json)
    expect((await send({ name: 'rotated' })).text).to.equal(done)
    expect(await codeOf(gateway, app)).to.equal(500)
    expect(await codeOf(gateway, { ...app, secret })).to.equal(admitted)
    expect((await send({ name: 'rotated' })).text).to.include('只有一个密钥')
    expect(await entries()).to.deep.equal([
      { actor_id: admin.uid, target_id: 0, detail: 'application rotated' },
    ])
  })

  it('says which application there is not', async () => {
    expect((await send({ name: 'nobody' })).text).to.include('没有应用 nobody')
  })

  leavesServersAlone(gateway, method)
  cases.namesWhatIsWrong({}, { name: undefined })
  cases.wantsProof({ name: 'web' })
  cases.isOfTheConsole({ name: 'web' })
})
