import { expect } from 'chai'
import { startGateway, type TestGateway } from '../../../../harness.js'
import { onEachDatabase } from '../../../../servers/databases.js'

onEachDatabase('front.account.wechat.callbackMessage', (database) => {
  let gateway: TestGateway
  before(async () => (gateway = await startGateway(database)))
  after(() => gateway.close())

  it('answers false, as documented', async () => {
    const { text } = await gateway.request('/front/account/wechat/callbackMessage')
    expect(text).to.equal('{"status":200,"code":0,"msg":"操作成功","data":false,"error":null}')
    const byName = await gateway.call('front.account.wechat.callbackMessage', {}, { app: null })
    expect(byName.text).to.equal('{"code":200,"data":false,"message":"操作成功"}')
  })

  it('takes no messages', async () => {
    const { status } = await gateway.request('/front/account/wechat/callbackMessage', { method: 'POST' })
    expect(status).to.equal(405)
  })
})
