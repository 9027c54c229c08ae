import { constants, createPublicKey, publicEncrypt } from 'node:crypto'
import { expect } from 'chai'
import { withGateway } from '../../../../suite.js'

const path = '/front/sys/config/publicKey'

withGateway('front.sys.config.publicKey', (gateway) => {
  it('answers the key in one line, to anybody, always the same', async () => {
    const { status, text } = await gateway.request(path)
    expect(status).to.equal(200)
    expect(text).to.match(
      /^\{"status":200,"code":0,"msg":"操作成功","data":\{"public_key":"[A-Za-z0-9+/]{392}"\},"error":null\}$/,
    )
    expect((await gateway.request(path, { headers: { Authorization: 'Bearer dead' } })).text).to.equal(text)
  })

  it('answers the key that passwords are decrypted with', async () => {
    const { public_key: shown } = JSON.parse((await gateway.request(path)).text).data
    const key = createPublicKey({ key: Buffer.from(shown, 'base64'), format: 'der', type: 'spki' })
    const encrypted = publicEncrypt({ key, padding: constants.RSA_PKCS1_PADDING }, Buffer.from('密码 1234'))
    expect(await gateway.services.loginKey.decrypt(encrypted.toString('base64'))).to.equal('密码 1234')
  })
})
