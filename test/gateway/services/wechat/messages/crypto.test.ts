import { expect } from 'chai'
import { createCipheriv } from 'node:crypto'
import {
  decryptMessage,
  encryptMessage,
  isMessageSigned,
  signMessage,
} from '../../../../../gateway/services/wechat/messages/crypto.js'

/**
 * A message that WeChat sent, published with its keys (mamicode.com/info-detail-276488.html, of a tutorial of 2014);
 * both signatures and the plain text were computed again with sha1sum and `openssl enc -d -aes-256-cbc -nopad`.
 */
const sent = {
  token: 'weixin',
  aesKey: Buffer.from('abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG=', 'base64'),
  appId: 'wxbad0b45542aa0b5e',
  timestamp: '1414243737',
  nonce: '1792106704',
  signature: '35703636de2f9df2a77a662b68e521ce17c34db4',
  msgSignature: '6147984331daf7a1a9eed6e0ec3ba69055256154',
  encrypted:
    'MNn4+jJ/VsFh2gUyKAaOJArwEVYCvVmyN0iXzNarP3O6vXzK62ft1/KG2/XPZ4y5bPWU/jfIfQxODRQ7sLkUsrDRqsWimuhIT8Eq+w4E/28m' +
    '+XDAQKEOjWTQIOp1p6kNsIV1DdC3B+AtcKcKSNAeJDr7x7GHLx5DZYK09qQsYDOjP6R5NqebFjKt/NpEl/GU3gWFwG8LCtRNuIYdK5axbFSf' +
    'mXbh5CZ6Bk5wSwj5fu5aS90cMAgUhGsxrxZTY562QR6c+3ydXxb+GHI5w+qA+eqJjrQqR7u5hS+1x5sEsA7vS+bZ5LYAR3+PZ243avQkGllQ' +
    '+rg7a6TeSGDxxhvLw+mxxinyk88BNHkJnyK//hM1k9PuvuLAASdaud4vzRQlAmnYOslZl8CN7gjCjV41skUTZv3wwGPxvEqtm/nf5fQ=',
  message:
    '<xml><ToUserName><![CDATA[gh_680bdefc8c5d]]></ToUserName>\n' +
    '<FromUserName><![CDATA[oIDrpjpQ8j8mBuQ8nM26HWzNEZgg]]></FromUserName>\n' +
    '<CreateTime>1414243737</CreateTime>\n<MsgType><![CDATA[text]]></MsgType>\n' +
    '<Content><![CDATA[?]]></Content>\n<MsgId>6074130599188426998</MsgId>\n</xml>',
}

describe('the crypto of WeChat messages', () => {
  it('signs as WeChat does', () => {
    const { token, timestamp, nonce, encrypted, signature, msgSignature } = sent
    expect(signMessage([token, timestamp, nonce])).to.equal(signature)
    expect(signMessage([token, timestamp, nonce, encrypted])).to.equal(msgSignature)
    expect(isMessageSigned(token, [timestamp, nonce], signature)).to.equal(true)
    expect(isMessageSigned(token, [timestamp, nonce, encrypted], msgSignature)).to.equal(true)
  })

  it('refuses the signature of another token, of other texts, a cut one, and any with an empty token', () => {
    const { token, timestamp, nonce, signature } = sent
    expect(isMessageSigned('another', [timestamp, nonce], signature)).to.equal(false)
    expect(isMessageSigned(token, [timestamp, '1'], signature)).to.equal(false)
    expect(isMessageSigned(token, [timestamp, nonce], signature.slice(1))).to.equal(false)
    expect(isMessageSigned(token, [timestamp, nonce], '')).to.equal(false)
    expect(isMessageSigned('', [timestamp, nonce], signMessage(['', timestamp, nonce]))).to.equal(false)
  })

  it('reads a message that WeChat encrypted', () => {
    expect(decryptMessage(sent.encrypted, sent)).to.equal(sent.message)
  })

  it('reads what it encrypted itself, of every length, and never writes the same twice', () => {
    for (const length of [0, 1, 11, 12, 13, 31, 32, 33, 1000]) {
      const text = '微'.repeat(length)
      expect(decryptMessage(encryptMessage(text, sent), sent), String(length)).to.equal(text)
    }
    expect(encryptMessage('a', sent)).to.not.equal(encryptMessage('a', sent))
  })

  it('refuses messages for another app, of another key, and what was cut or changed', () => {
    const { encrypted, aesKey, appId } = sent
    expect(decryptMessage(encrypted, { aesKey, appId: 'wx0000000000000000' })).to.equal(undefined)
    expect(decryptMessage(encrypted, { aesKey: Buffer.alloc(32, 7), appId })).to.equal(undefined)
    expect(decryptMessage(encrypted.slice(4), sent)).to.equal(undefined)
    expect(decryptMessage(encrypted.slice(0, -24), sent)).to.equal(undefined)
    for (const text of ['', 'AAAA', '!!', Buffer.alloc(16).toString('base64')])
      expect(decryptMessage(text, sent), text).to.equal(undefined)
  })

  it('refuses a length beyond the message and padding that is none', () => {
    const { aesKey, appId } = sent
    const seal = (plain: Buffer) => {
      const cipher = createCipheriv('aes-256-cbc', aesKey, aesKey.subarray(0, 16)).setAutoPadding(false)
      return Buffer.concat([cipher.update(plain), cipher.final()]).toString('base64')
    }
    const random = Buffer.alloc(16, 1)
    const pad = (plain: Buffer) => {
      const size = 32 - (plain.length % 32)
      return Buffer.concat([plain, Buffer.alloc(size, size)])
    }
    const whole = (length: number) => {
      const head = Buffer.alloc(4)
      head.writeUInt32BE(length)
      return pad(Buffer.concat([random, head, Buffer.from(`hi${appId}`)]))
    }
    expect(decryptMessage(seal(whole(2)), { aesKey, appId })).to.equal('hi')
    for (const length of [1, 3, 21, 0x7fffffff, 0xffffffff])
      expect(decryptMessage(seal(whole(length)), { aesKey, appId }), String(length)).to.equal(undefined)
    for (const last of [0, 33, 255]) {
      const broken = whole(2)
      broken[broken.length - 1] = last
      expect(decryptMessage(seal(broken), { aesKey, appId }), String(last)).to.equal(undefined)
    }
    expect(decryptMessage(seal(Buffer.alloc(32, 32)), { aesKey, appId })).to.equal(undefined)
  })
})
