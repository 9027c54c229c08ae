import { expect } from 'chai'
import { doneWith } from '../../../../answers.js'
import { saveSetting } from '../../../../../db/settings.js'
import { puidOf } from '../../../../../methods/rules/profiles/own-profile.js'
import { withClient } from '../account-client.js'

withClient('front.account.userMessage.getImConfig', (gateway, client) => {
  it('tells everybody whether there is a chat', async () => {
    const answer = (isOn: boolean) => doneWith(`{"im_chat":${isOn},"user_other_info":{}}`)
    // account-beside.md §7.2: none unless a chat server is configured.
    expect((await client.get('userMessage/getImConfig')).text).to.equal(answer(false))
    await saveSetting(gateway.db, 'im_chat', 'on')
    gateway.services.cache.drop('message-settings')
    expect((await client.get('userMessage/getImConfig', {}, 'a dead token')).text).to.equal(answer(true))
  })

  it('tells them what else the operator has configured', async () => {
    await saveSetting(
      gateway.db,
      'im_config',
      '{"server":"wss://im.example.com","im_chat":false,"pages":[1]}',
    )
    gateway.services.cache.drop('message-settings')
    const { json } = await client.get('userMessage/getImConfig')
    expect(json?.data).to.deep.equal({
      im_chat: true,
      user_other_info: {},
      server: 'wss://im.example.com',
      pages: [1],
    })
  })

  // account-beside.md §7.3
  it('tells them whom a chat is with', async () => {
    const { uid: userId } = await gateway.addUser({ nickname: '小明' })
    const other = `{"user_id":${userId},"user_nickname":"小明","user_avatar":"","puid":"${puidOf(userId)}"}`
    for (const name of ['user_other_id', 'uid']) {
      const { text } = await client.get('userMessage/getImConfig', { [name]: String(userId) })
      expect(text).to.include(`"user_other_info":${other}`)
    }
    for (const unknown of ['0', '999999', ''])
      expect((await client.get('userMessage/getImConfig', { user_other_id: unknown })).text).to.include(
        '"user_other_info":{}',
      )
  })
})
