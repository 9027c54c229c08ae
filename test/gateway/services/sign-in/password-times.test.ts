import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { performance } from 'node:perf_hooks'
import { expect } from 'chai'
import {
  createPasswords,
  type Passwords,
  type StoredPassword,
} from '../../../../gateway/services/sign-in/passwords.js'
import { projectRoot } from '../../../whole/architecture/source-tree.js'
import { readVectors } from './password-vectors.js'

const file = join(projectRoot(), 'test/gateway/services/sign-in/password-vectors.json')

describe('the computing of hashes of old systems', function () {
  this.timeout(120_000)
  const passwords = createPasswords({ queueLength: 1000, workers: 1 })
  const vectors = readVectors(readFileSync(file, 'utf8'))

  it('takes as long as that of users who are not there, once one of the kind was met', async () => {
    const slow = (hash: string) => ({ user_password: hash, user_salt: '' })
    const met = ['bcrypt', 'phpass', 'argon2i', 'pbkdf2-sha256', 'md5'].map(
      (form) => vectors.find((vector) => vector.form === form) ?? expect.fail(form),
    )
    const passwords = createPasswords({ queueLength: 10, workers: 1 })
    const stored = [undefined, ...met.map(({ hash }) => slow(hash))]
    const times = await fastestOf(passwords, stored)
    expect(Math.max(...times) / Math.min(...times), times.join(' ')).to.be.below(1.5)
  })

  it('takes as long at a cost that the operator set as when there is nobody', async () => {
    const cost = { memory: 4096, passes: 20, lanes: 1 }
    const passwords = createPasswords({ queueLength: 10, workers: 1, cost })
    const own = { user_password: await passwords.hash('abc123'), user_salt: '' }
    const digest = { user_password: 'e99a18c428cb38d5f260853678922e03', user_salt: '' }
    const times = await fastestOf(passwords, [undefined, own, digest])
    expect(Math.max(...times) / Math.min(...times), times.join(' ')).to.be.below(1.5)
  })

  it('is not done on the thread that answers everybody', async () => {
    const { hash } = vectors.find(({ form }) => form === 'phpass') ?? expect.fail()
    await passwords.verify('wrong', { user_password: hash, user_salt: '' })
    let longest = 0
    let last = performance.now()
    const beat = setInterval(() => {
      longest = Math.max(longest, performance.now() - last)
      last = performance.now()
    }, 1)
    // 2^18 rounds take about a second.
    await passwords.verify('wrong', { user_password: `$P$G${hash.slice(4)}`, user_salt: '' })
    clearInterval(beat)
    expect(longest).to.be.below(100)
  })
})

/** The work that each is to compare, as the least time that it takes, in turn with the others, on whatever machine. */
async function fastestOf(
  passwords: Passwords,
  stored: readonly (StoredPassword | undefined)[],
): Promise<number[]> {
  for (const hash of stored) await passwords.verify('wrong', hash)
  const least = stored.map(() => Infinity)
  for (let run = 0; run < 15; run++)
    for (const [at, hash] of stored.entries()) {
      const begun = performance.now()
      await passwords.verify('wrong', hash)
      least[at] = Math.min(least[at] ?? Infinity, performance.now() - begun)
    }
  return least
}
