import { expect } from 'chai'
import { withGateway } from '../../../../suite.js'

withGateway('front.account.wechat.callbackMessage', (gateway) => {
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
