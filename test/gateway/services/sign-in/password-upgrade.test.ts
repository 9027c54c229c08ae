import { hash } from 'node:crypto'
import { expect } from 'chai'
import { writeOldForm, writePassportForm } from '../../../../gateway/services/sign-in/password-upgrade.js'
import { createPasswords } from '../../../../gateway/services/sign-in/passwords.js'

const storedOf = ({ passwordHash, passwordSalt }: ReturnType<typeof writeOldForm>) => ({
  user_password: passwordHash,
  user_salt: passwordSalt,
})

describe('new passwords', () => {
  const held = createPasswords({ queueLength: 64, workers: 1, upgrade: 'hold' })
  const free = createPasswords({ queueLength: 64, workers: 1, upgrade: 'on' })

  it('are written as the old server writes them, each with its own salt', async () => {
    for (const password of ['abc123', '密码密码密码', ' 123 456 ']) {
      const [one, other] = [writeOldForm(password), writeOldForm(password)]
      expect(one.passwordSalt)
        .to.match(/^[0-9a-f]{32}$/)
        .and.not.equal(other.passwordSalt)
      expect(one.passwordHash).to.equal(hash('md5', Buffer.from(password + one.passwordSalt, 'utf8')))
      expect(await held.verify(password, storedOf(one))).to.equal(true)
      expect(await held.verify(`${password}x`, storedOf(one))).to.equal(false)
    }
  })

  it('are in that form on hold, and in argon2id else', async () => {
    expect((await held.write('abc123')).passwordHash).to.match(/^[0-9a-f]{32}$/)
    expect(await held.reserve((write) => write('abc123')))
      .to.have.property('passwordSalt')
      .with.length(32)
    const ours = await free.write('abc123')
    expect(ours.passwordHash).to.match(/^\$argon2id\$/)
    expect(ours.passwordSalt).to.equal('')
  })

  it("are in the old passport gateway's form on hold, where no shop is beside", async () => {
    const passport = createPasswords({ queueLength: 64, workers: 1, upgrade: 'hold', oldServer: 'passport' })
    const written = await passport.write('abc123')
    expect(written.passwordSalt).to.equal('')
    const [, digest, random] = /^([0-9a-f]{32}):([A-Za-z0-9]{32})$/.exec(written.passwordHash) ?? []
    expect(digest).to.equal(hash('md5', `abc123${random}`))
    expect(await passport.verify('abc123', storedOf(written))).to.equal(true)
    expect(writePassportForm('abc123').passwordHash).to.not.equal(written.passwordHash)
    expect(passport.needsUpgrade(storedOf(written))).to.equal(false)
  })

  it('are never replaced on hold', () => {
    const old = storedOf(writeOldForm('abc123'))
    expect(held.needsUpgrade(old)).to.equal(false)
    expect(free.needsUpgrade(old)).to.equal(true)
  })
})
