import { expect } from 'chai'
import { withGateway } from '../../../../suite.js'

withGateway('front.sys.feedback.getCategory', (gateway) => {
  it('answers an empty list, to anybody', async () => {
    const { text } = await gateway.request('/front/sys/feedback/getCategory')
    expect(text).to.equal('{"status":200,"code":0,"msg":"操作成功","data":[],"error":null}')
  })
})
