import { expect } from 'chai'
import { isEncrypted, readPassword } from '../../../../../methods/rules/accounts/passwords/texts.js'

/** A key under which every text is encrypted by turning it round. */
const loginKey = {
  publicKey: async () => '',
  decrypt: async (encrypted: string) => Array.from(encrypted).toReversed().join(''),
}

describe('A password parameter', () => {
  it('is taken as it is without encrypt', async () => {
    expect(await readPassword({ loginKey }, 'abc', false)).to.equal('abc')
  })

  it('is decrypted with encrypt', async () => {
    expect(await readPassword({ loginKey }, 'cba', true)).to.equal('abc')
  })

  it('is encrypted when encrypt is one of the words for true', () => {
    for (const text of ['true', 'TRUE', '1', 'on', 'yes']) expect(isEncrypted(text), text).to.equal(true)
    for (const text of [undefined, '', 'false', '0', 'off', 'no', 'null', 'undefined', 'rsa'])
      expect(isEncrypted(text), text).to.equal(false)
  })
})
