import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from 'chai'
import { storeOldHash } from '../../../../gateway/services/sign-in/password-forms/old-hash.js'
import { readStoredDigest } from '../../../../gateway/services/sign-in/password-forms/stored-form.js'
import { createPasswords, passwordKind } from '../../../../gateway/services/sign-in/passwords.js'
import { requireProgram } from '../../../servers/available.js'
import { runToEnd } from '../../../servers/processes/process.js'
import { projectRoot } from '../../../whole/architecture/source-tree.js'
import { readVectors, type Vector } from './password-vectors.js'

const folder = join(projectRoot(), 'test/gateway/services/sign-in')

describe('hashes of old systems', function () {
  this.timeout(300_000)
  const passwords = createPasswords({ queueLength: 1000, workers: 1 })
  const vectors = readVectors(readFileSync(join(folder, 'password-vectors.json'), 'utf8'))

  async function expectAllToFit(made: readonly Vector[]): Promise<void> {
    for (const { form, password, hash, salt } of made) {
      const columns = storeOldHash({ hash, salt: salt ?? '', form })
      expect(await passwords.verify(password, columns), `${form} ${hash}`).to.equal(true)
      // bcrypt looks at 72 bytes only.
      for (const wrong of [`${password} `, hash])
        if (form !== 'bcrypt' || Buffer.byteLength(password) < 72)
          expect(await passwords.verify(wrong, columns), `${form} ${wrong}`).to.equal(false)
      expect(passwords.needsUpgrade(columns)).to.equal(true)
    }
  }

  it('that PHP made fit their passwords and no others', () => expectAllToFit(vectors))

  it('that PHP makes now fit as well', async function () {
    const php = requireProgram(this, 'php')
    const script = join(folder, 'password-vectors.php')
    const made = await runToEnd({ command: php, args: [script] })
    await expectAllToFit(readVectors(made))
  })

  it('of every fast form can be sealed without the password, and still fit', async () => {
    const sealed = new Set<string>()
    for (const { form, password, hash, salt } of vectors.slice(0, 40)) {
      const columns = storeOldHash({ hash, salt: salt ?? '', form })
      const digest = readStoredDigest(columns)
      if (!digest) continue
      sealed.add(form)
      const wrapped = await passwords.wrap(digest.digest, digest.form)
      expect(wrapped.toLowerCase()).to.not.include(digest.digest.toLowerCase())
      const stored = { user_password: wrapped, user_salt: digest.salt }
      expect(await passwords.verify(password, stored), form).to.equal(true)
      for (const wrong of ['abc124', digest.digest, digest.digest.toLowerCase()])
        expect(await passwords.verify(wrong, stored), `${form} ${wrong}`).to.equal(false)
      expect(passwordKind(stored)).to.match(/^argon2id\(/)
    }
    expect([...sealed]).to.include.members(['md5:R', 'sha1', 'sha256(salt+p)', 'md5(md5(p)+salt)', 'ecshop'])
  })

  it('may stand beside a salt that is NULL, or be NULL', async () => {
    const columns = { user_password: 'e99a18c428cb38d5f260853678922e03', user_salt: null }
    expect(await passwords.verify('abc123', columns)).to.equal(true)
    expect(await passwords.verify('abc123', { user_password: null, user_salt: null })).to.equal(false)
    expect(passwordKind({ user_password: null, user_salt: null })).to.equal('none')
  })

  it('are refused where their form can not be told, or is another than is said', () => {
    const digest = '0'.repeat(32)
    const reason = (hash: string, form?: string, usualForm?: string) => {
      try {
        return storeOldHash({ hash, salt: 'ab', form, usualForm }).user_password
      } catch (error) {
        return String(error)
      }
    }
    for (const bare of [digest, '0'.repeat(40), '0'.repeat(64)])
      expect(reason(bare)).to.match(/does not tell its form/)
    expect(reason(digest, 'sha1')).to.match(/no hash of the form sha1/)
    expect(reason(digest, 'bcrypt')).to.match(/no hash of the form bcrypt/)
    expect(reason(digest, 'md5(p+pepper)')).to.match(/form: must be one of those/)
    expect(reason(`${digest}:${'R'.repeat(32)}`, 'md5')).to.match(/is md5:R, not md5/)
    expect(reason('plain text', 'md5')).to.match(/a hash of a known form/)
    expect(reason(`$2x$05$${'a'.repeat(53)}`)).to.match(/a hash of a known form/)
    expect(reason(`$2y$31$${'a'.repeat(53)}`)).to.match(/bcrypt at a cost/)
    expect(reason(`pbkdf2_sha256$99999999$salt$${'a'.repeat(43)}=`)).to.match(/at a cost/)
    // A mixed table: what tells its form is read by it, what does not by the usual one.
    expect(reason(`$2y$05$${'a'.repeat(53)}`, '', 'md5')).to.match(/^\$2y/)
    expect(reason(digest, '', 'sha1')).to.match(/no hash of the form sha1/)
    expect(reason(digest, 'md5', 'sha1')).to.equal(digest)
  })
})
