import { expect } from 'chai'
import { saveSetting } from '../../../../../db/settings.js'
import { createAccountClient } from '../account-client.js'
import { withGateway } from '../../../../suite.js'

withGateway('front.account.userMessage.getImConfig', (gateway) => {
  const client = createAccountClient(gateway)

  it('tells everybody whether there is a chat', async () => {
    const answer = (isOn: boolean) =>
      `{"status":200,"code":0,"msg":"操作成功","data":{"im_chat":${isOn},"user_other_info":{}},"error":null}`
    expect((await client.get('userMessage/getImConfig')).text).to.equal(answer(true))
    await saveSetting(gateway.services.db, 'im_chat', 'off')
    gateway.services.cache.drop('message-settings')
    expect((await client.get('userMessage/getImConfig', {}, 'a dead token')).text).to.equal(answer(false))
  })

  it('tells them what else the operator has configured', async () => {
    await saveSetting(
      gateway.services.db,
      'im_config',
      '{"server":"wss://im.example.com","im_chat":true,"pages":[1]}',
    )
    gateway.services.cache.drop('message-settings')
    const { json } = await client.get('userMessage/getImConfig')
    expect(json?.data).to.deep.equal({
      im_chat: false,
      user_other_info: {},
      server: 'wss://im.example.com',
      pages: [1],
    })
  })
})
