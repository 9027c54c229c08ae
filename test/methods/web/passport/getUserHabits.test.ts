import { expect } from 'chai'
import { withGateway } from '../../../suite.js'
import { itChecksUser } from './checks-user.js'

const method = 'web.passport.getUserHabits'

withGateway(method, (gateway) => {
  it('answers what was stored', async () => {
    const uid = String((await gateway.addUser()).uid)
    await gateway.call('web.passport.modifyUserHabits', { uid, shopping: '1,3', dress: '运动' })
    const { status, text } = await gateway.call(method, { uid })
    expect(status).to.equal(200)
    expect(text).to.equal(
      `{"code":200,"data":{"uid":${uid},"shopping":"1,3","dress":"运动"},"message":"成功"}`,
    )
  })

  it('answers empty texts for a user who has stored nothing', async () => {
    const { uid } = await gateway.addUser()
    expect((await gateway.call(method, { uid: String(uid) })).text).to.equal(
      `{"code":200,"data":{"uid":${uid},"shopping":"","dress":""},"message":"成功"}`,
    )
  })

  itChecksUser(gateway, method, [{}, { uid: '' }, { uid: '1.0' }])
})
