import { expect } from 'chai'
import { saveSetting } from '../../../../../db/settings.js'
import { withClient } from '../account-client.js'
import { addCorrespondent } from './message-users.js'

withClient('front.account.userMessage.getKefuConfig', (gateway, client) => {
  const configure = async (userId: number) => {
    await saveSetting(gateway.db, 'message_service_user', String(userId))
    gateway.services.cache.drop('message-settings')
  }
  const answer = (data: string) => `{"status":200,"code":0,"msg":"操作成功","data":${data},"error":null}`
  const nobody = answer('{"friend_id":0,"puid":"","user_nickname":"","user_avatar":""}')

  it('tells everybody who answers for customer service', async () => {
    const service = await addCorrespondent(gateway, '客服')
    await gateway.db('account_user_info').where({ user_id: service.uid }).update({ user_avatar: 'kefu.png' })
    await configure(service.uid)
    expect((await client.get('userMessage/getKefuConfig')).text).to.equal(
      answer(
        `{"friend_id":${service.uid},"puid":"${service.uid}","user_nickname":"${service.nickname}",` +
          '"user_avatar":"http://passport.test/kefu.png"}',
      ),
    )
  })

  it('names nobody while none is configured, nor one who does not exist', async () => {
    await configure(0)
    expect((await client.get('userMessage/getKefuConfig')).text).to.equal(nobody)
    await configure(99_999_999)
    expect((await client.get('userMessage/getKefuConfig')).text).to.equal(nobody)
  })
})
