import { expect } from 'chai'
import { done } from '../../../../answers.js'
import { withGateway } from '../../../../suite.js'

withGateway('front.sys.config.listTranslateLang', (gateway) => {
  it('answers success and nothing, to anybody', async () => {
    expect((await gateway.request('/front/sys/config/listTranslateLang')).text).to.equal(done)
  })
})
