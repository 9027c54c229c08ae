import { expect } from 'chai'
import { doneWith } from '../../../../answers.js'
import { withClient } from '../account-client.js'

withClient('front.account.login.protocol', (gateway, client) => {
  before(async () => {
    const setting = (config_key: string, config_value: string, config_enable = 1) => ({
      config_key,
      config_value,
      config_enable,
    })
    await gateway
      .db('sys_config_base')
      .insert([
        setting('reg_protocols_description', '<p>注册协议</p>'),
        setting('points_protocols', 'points'),
        setting('cancellation_agreement', 'switched off', 0),
        setting('store_description', 'about the shop'),
        setting('smtp_password', 'secret'),
      ])
  })

  const answer = (document: string, state: number) => doneWith(`{"document":"${document}","state":${state}}`)
  const read = async (fields: Record<string, string> = {}, token?: string) =>
    (await client.get('login/protocol', fields, token)).text
  const consents = (user_id: number) => gateway.db('user_consent').where({ user_id })

  it('shows the registration agreement unless another document is named, to anybody', async () => {
    for (const protocols_key of ['', 'reg_protocols_description', 'null'])
      expect(await read({ protocols_key })).to.equal(answer('<p>注册协议</p>', 1))
    expect(await read()).to.equal(answer('<p>注册协议</p>', 1))
    expect(await read({}, 'broken')).to.equal(answer('<p>注册协议</p>', 1))
    expect(await read({ protocols_key: 'points_protocols' })).to.equal(answer('points', 1))
    expect(await read({ protocolsKey: 'points_protocols' })).to.equal(answer('points', 1))
  })

  it('shows the description of the shop', async () => {
    expect(await read({ document_type: 'store', protocols_key: 'points_protocols' })).to.equal(
      answer('about the shop', 1),
    )
  })

  it('shows nothing for a document that is empty or switched off', async () => {
    for (const protocols_key of [
      'reg_privacy_protocols',
      'pr_protocols_description',
      'cancellation_agreement',
      'withdraw_protocols_description',
    ])
      expect(await read({ protocols_key })).to.equal(answer('', 1))
  })

  it('shows no other setting', async () => {
    for (const protocols_key of [
      'smtp_password',
      'SMTP_PASSWORD',
      'store_description',
      '__proto__',
      'constructor',
    ])
      expect(await read({ protocols_key, state: '1' }), protocols_key).to.equal(answer('', 0))
  })

  it('records that a user agrees, and when, each time anew', async () => {
    const user = await gateway.addUser()
    const token = await user.startSession()
    await read({}, token)
    await read({ state: '0' }, token)
    await read({ state: '1', document_type: 'store' }, token)
    await read({ state: '1', protocols_key: 'smtp_password' }, token)
    expect(await consents(user.uid)).to.have.length(0)
    gateway.clock.freeze(Date.UTC(2026, 5, 1))
    const fresh = await user.startSession()
    expect(await read({ state: '1' }, fresh)).to.equal(answer('<p>注册协议</p>', 1))
    gateway.clock.advance(1000)
    await read({ state: '1', protocols_key: 'reg_protocols_description' }, fresh)
    await read({ state: '1', protocols_key: 'reg_privacy_protocols' }, fresh)
    const rows = await consents(user.uid).orderBy('document_key')
    expect(rows.map(({ document_key, agreed_at }) => [document_key, agreed_at])).to.deep.equal([
      ['reg_privacy_protocols', Date.UTC(2026, 5, 1) + 1000],
      ['reg_protocols_description', Date.UTC(2026, 5, 1) + 1000],
    ])
  })

  it('records nothing for who is not signed in', async () => {
    const before = await gateway.db('user_consent')
    await read({ state: '1' })
    expect(await gateway.db('user_consent')).to.deep.equal(before)
  })
})
