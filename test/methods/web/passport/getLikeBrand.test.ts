import { expect } from 'chai'
import { withGateway } from '../../../suite.js'
import { itChecksUser } from './checks-user.js'

const method = 'web.passport.getLikeBrand'

withGateway(method, (gateway) => {
  it('answers what was stored', async () => {
    const uid = String((await gateway.addUser()).uid)
    await gateway.call('web.passport.modifyLikeBrand', { uid, brand: '144,209' })
    const { status, text } = await gateway.call(method, { uid })
    expect(status).to.equal(200)
    expect(text).to.equal(`{"code":200,"data":{"uid":${uid},"brand":"144,209"},"message":"成功"}`)
  })

  it('answers an empty text for a user who has stored nothing', async () => {
    const { uid } = await gateway.addUser()
    expect((await gateway.call(method, { uid: String(uid) })).text).to.equal(
      `{"code":200,"data":{"uid":${uid},"brand":""},"message":"成功"}`,
    )
  })

  itChecksUser(gateway, method, [{}, { uid: '' }, { uid: '-5' }])
})
