import { expect } from 'chai'
import { createVault, type Purpose } from '../../../gateway/services/vault.js'

const keys = { first: 'first-data-key-at-least-32-characters', second: 'second-data-key-at-least-32-chars' }
const purposes: readonly Purpose[] = ['app-secret', 'mail-token', 'sent-code']

describe('the vault', () => {
  const vault = createVault([keys.first])

  describe('sealing', () => {
    it('gives back what was sealed, whatever it is', () => {
      for (const text of ['', 'a', '秘密 👋', '\0\n', '{"uid":1}', 'x'.repeat(100_000)])
        for (const purpose of purposes) expect(vault.open(purpose, vault.seal(purpose, text))).to.equal(text)
    })

    it('writes letters that need no escaping in a URL, and nothing of the text', () => {
      const sealed = vault.seal('mail-token', 'text '.repeat(20))
      expect(sealed).to.match(/^[\w-]+$/)
      expect(Buffer.from(sealed, 'base64url').toString('latin1')).to.not.contain('text')
    })

    it('never writes the same twice', () => {
      const sealed = Array.from({ length: 1000 }, () => vault.seal('mail-token', 'text'))
      expect(new Set(sealed).size).to.equal(1000)
    })

    it('does not open for another purpose', () => {
      for (const purpose of purposes)
        for (const other of purposes)
          if (other !== purpose) expect(vault.open(other, vault.seal(purpose, 'text'))).to.equal(undefined)
    })

    it('does not open what was changed in a single bit', () => {
      const bytes = Buffer.from(vault.seal('mail-token', 'text'), 'base64url')
      for (let bit = 0; bit < bytes.length * 8; bit++) {
        const changed = Buffer.from(bytes)
        changed.writeUInt8(changed.readUInt8(bit >> 3) ^ (1 << (bit & 7)), bit >> 3)
        expect(vault.open('mail-token', changed.toString('base64url')), `bit ${bit}`).to.equal(undefined)
      }
    })

    it('does not open what was cut or lengthened', () => {
      const sealed = vault.seal('mail-token', 'a longer text')
      for (let length = 0; length < sealed.length; length++)
        expect(vault.open('mail-token', sealed.slice(0, length)), `${length}`).to.equal(undefined)
      for (const more of ['A', 'AA', 'AAA', 'AAAA'])
        expect(vault.open('mail-token', sealed + more)).to.equal(undefined)
    })

    it('opens one spelling only, so that a token cannot be used again under another', () => {
      const sealed = vault.seal('mail-token', 'text')
      expect(Buffer.from(sealed, 'base64url')).to.have.length(32)
      const last = sealed.at(-1) ?? ''
      // 32 bytes leave two bits of the last letter unused: four letters decode to the same bytes.
      const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
      const first = alphabet.indexOf(last) & ~3
      const spellings = alphabet
        .slice(first, first + 4)
        .split('')
        .map((letter) => sealed.slice(0, -1) + letter)
      const bytes = Buffer.from(sealed, 'base64url')
      for (const spelling of spellings)
        expect(Buffer.from(spelling, 'base64url').equals(bytes)).to.equal(true)
      const opened = spellings.filter((spelling) => vault.open('mail-token', spelling) !== undefined)
      expect(opened).to.deep.equal([sealed])
      for (const spelling of [
        `${sealed}=`,
        ` ${sealed}`,
        `${sealed}\n`,
        `${sealed.slice(0, 4)}.${sealed.slice(4)}`,
      ])
        expect(vault.open('mail-token', spelling), spelling).to.equal(undefined)
    })

    it('opens what older keys sealed, and not what lost keys did', () => {
      const rotated = createVault([keys.second, keys.first])
      const newer = createVault([keys.second])
      expect(rotated.open('app-secret', vault.seal('app-secret', 'text'))).to.equal('text')
      expect(newer.open('app-secret', rotated.seal('app-secret', 'text'))).to.equal('text')
      expect(vault.open('app-secret', rotated.seal('app-secret', 'text'))).to.equal(undefined)
      expect(newer.open('app-secret', vault.seal('app-secret', 'text'))).to.equal(undefined)
    })
  })

  describe('digesting', () => {
    it('is the same each time, differs by text and by purpose, and tells nothing of the text', () => {
      const digest = vault.digest('sent-code', '1234')
      expect(digest).to.match(/^[0-9a-f]{64}$/)
      expect(vault.digest('sent-code', '1234')).to.equal(digest)
      expect(vault.digest('sent-code', '1235')).to.not.equal(digest)
      expect(vault.digest('mail-token', '1234')).to.not.equal(digest)
      expect(createVault([keys.second]).digest('sent-code', '1234')).to.not.equal(digest)
    })

    it('knows the text of a digest, and no other', () => {
      const digest = vault.digest('sent-code', '1234')
      expect(vault.digestMatches('sent-code', '1234', digest)).to.equal(true)
      expect(vault.digestMatches('sent-code', '1235', digest)).to.equal(false)
      expect(vault.digestMatches('mail-token', '1234', digest)).to.equal(false)
      for (const broken of ['', digest.slice(1), `${digest}0`, '1234'])
        expect(vault.digestMatches('sent-code', '1234', broken)).to.equal(false)
    })

    it('knows digests that older keys made', () => {
      const rotated = createVault([keys.second, keys.first])
      const digest = vault.digest('sent-code', '1234')
      expect(rotated.digestMatches('sent-code', '1234', digest)).to.equal(true)
      expect(rotated.digest('sent-code', '1234')).to.not.equal(digest)
      expect(createVault([keys.second]).digestMatches('sent-code', '1234', digest)).to.equal(false)
    })
  })

  it('does nothing without a key', () => {
    const empty = createVault([])
    expect(() => empty.seal('app-secret', 'text')).to.throw('no DATA_KEY')
    expect(() => empty.digest('app-secret', 'text')).to.throw('no DATA_KEY')
  })
})
