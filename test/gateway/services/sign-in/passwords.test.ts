import { expect } from 'chai'
import { createHash } from 'node:crypto'
import { availableParallelism } from 'node:os'
import { GatewayError } from '../../../../gateway/outcome/errors.js'
import { createPasswords } from '../../../../gateway/services/sign-in/passwords.js'

const stored = (user_password: string, user_salt = '') => ({ user_password, user_salt })
const cores = availableParallelism()

describe('password hashes', () => {
  const passwords = createPasswords({ queueLength: 64, workers: 1 })

  it('are argon2id with 19 MiB, two passes and one lane, each with its own salt', async () => {
    const [first, second] = await Promise.all([passwords.hash('abc123'), passwords.hash('abc123')])
    expect(first).to.match(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$[A-Za-z0-9+/]{22}\$[A-Za-z0-9+/]{43}$/)
    expect(first).to.not.equal(second)
    expect(await passwords.verify('abc123', stored(first))).to.equal(true)
    expect(await passwords.verify('abc124', stored(first))).to.equal(false)
    expect(passwords.needsUpgrade(stored(first))).to.equal(false)
  })

  it('tell apart every character of a long password', async () => {
    const long = '密'.repeat(64)
    const hash = stored(await passwords.hash(long))
    expect(await passwords.verify(long, hash)).to.equal(true)
    expect(await passwords.verify(long.slice(1), hash)).to.equal(false)
    expect(await passwords.verify(`${long} `, hash)).to.equal(false)
  })

  it('are the same whether a letter and its mark were typed as one character or as two', async () => {
    for (const typed of ['Café-Motörhead', 'mật khẩu 1', '비밀번호-1', 'パスワード'])
      for (const [made, tried] of [
        [typed.normalize('NFC'), typed.normalize('NFD')],
        [typed.normalize('NFD'), typed.normalize('NFC')],
      ] as const) {
        expect(made).to.not.equal(tried)
        const digest = createHash('md5').update(made).digest('hex')
        for (const hash of [await passwords.hash(made), digest, await passwords.wrap(digest)]) {
          expect(await passwords.verify(tried, stored(hash)), typed).to.equal(true)
          expect(await passwords.verify(`${tried}x`, stored(hash)), typed).to.equal(false)
        }
      }
    const { done } = passwords.pressure()
    await passwords.verify('plain ASCII', undefined)
    await passwords.verify('没有两种写法', undefined)
    expect(passwords.pressure().done - done).to.equal(2)
  })

  it('of the old systems still log in, and are to be replaced', async () => {
    const salt = '0123456789abcdef'.repeat(2)
    const old = {
      'MD5(password+R):R': stored(`5821d8466fa236d15877025778d69f09:${'A'.repeat(32)}`),
      'the same in capitals': stored(`5821D8466FA236D15877025778D69F09:${'A'.repeat(32)}`),
      'MD5(password)': stored('e99a18c428cb38d5f260853678922e03'),
      'md5(password+salt)': stored('de547389a9213b8d50bac3621c9d396b', salt),
      'argon2id at another cost': stored(
        '$argon2id$v=19$m=4096,t=1,p=1$MDEyMzQ1Njc4OWFiY2RlZg$2GLyp2M0W9/Nb46sxJCoRUibOLUTdLgxCmCIizTBcJ0',
      ),
    }
    for (const [kind, hash] of Object.entries(old)) {
      expect(await passwords.verify('abc123', hash), kind).to.equal(true)
      for (const wrong of ['abc124', 'ABC123', '', `abc123${'A'.repeat(32)}`, `abc123${salt}`])
        expect(await passwords.verify(wrong, hash), `${kind}, ${wrong}`).to.equal(false)
      expect(passwords.needsUpgrade(hash), kind).to.equal(true)
    }
  })

  it('of the old systems are of the password’s UTF-8 bytes', async () => {
    expect(await passwords.verify('密码abc', stored('f47bf2fb76cf064228af8ae8b5568eae'))).to.equal(true)
    const random = `${'aB3'.repeat(10)}zZ`
    const salted = stored(`cc8eeba65c37690b85aeafcf728598eb:${random}`)
    expect(await passwords.verify('密码abc', salted)).to.equal(true)
    expect(await passwords.verify('密码abc', stored(salted.user_password.toLowerCase()))).to.equal(false)
  })

  it('of the old systems can be wrapped in argon2id without the password, and still log in', async () => {
    const salt = '0123456789abcdef'.repeat(2)
    const digests = [
      ['5821d8466fa236d15877025778d69f09', 'A'.repeat(32)],
      ['E99A18C428CB38D5F260853678922E03', ''],
      ['de547389a9213b8d50bac3621c9d396b', salt],
    ] as const
    for (const [digest, own] of digests) {
      const wrapped = stored(await passwords.wrap(digest), own)
      expect(wrapped.user_password.toLowerCase()).to.not.include(digest.toLowerCase())
      expect(await passwords.verify('abc123', wrapped), digest).to.equal(true)
      for (const wrong of ['abc124', digest, digest.toLowerCase()])
        expect(await passwords.verify(wrong, wrapped), `${digest}, ${wrong}`).to.equal(false)
      expect(passwords.needsUpgrade(wrapped)).to.equal(true)
    }
  })

  it('that are none fit no password', async () => {
    const none = [
      undefined,
      stored(''),
      stored('null'),
      stored('abc123'),
      stored('e99a18c428cb38d5f260853678922e03', 'a salt that it was not made with'),
      stored(`5821d8466fa236d15877025778d69f09:${'A'.repeat(31)}`),
      stored(`5821d8466fa236d15877025778d69f09:${'A'.repeat(33)}`),
      stored(`5821d8466fa236d15877025778d69f09:${'A'.repeat(31)}-`),
      stored('5821d8466fa236d15877025778d69f09'),
    ]
    for (const hash of none)
      expect(await passwords.verify('abc123', hash), hash?.user_password ?? 'none').to.equal(false)
  })
})

describe('password hashes of a cost that the operator set', () => {
  const cost = { memory: 64, passes: 3, lanes: 2 }
  const set = createPasswords({ queueLength: 64, workers: 1, cost })
  const usual = createPasswords({ queueLength: 64, workers: 1 })

  it('are of that cost, sealed digests too', async () => {
    expect(await set.hash('abc123')).to.match(/^\$argon2id\$v=19\$m=64,t=3,p=2\$/)
    expect((await set.write('abc123')).passwordHash).to.match(/^\$argon2id\$v=19\$m=64,t=3,p=2\$/)
    expect(await set.wrap('e99a18c428cb38d5f260853678922e03')).to.match(
      /^\{md5\}\$argon2id\$v=19\$m=64,t=3,p=2\$/,
    )
  })

  it('fit where another cost is set, and are to be replaced there alone', async () => {
    for (const [maker, other] of [
      [set, usual],
      [usual, set],
    ] as const) {
      const hash = stored(await maker.hash('abc123'))
      expect([maker.needsUpgrade(hash), other.needsUpgrade(hash)]).to.deep.equal([false, true])
      const sealed = stored(await maker.wrap('e99a18c428cb38d5f260853678922e03'))
      for (const passwords of [maker, other])
        for (const one of [hash, sealed]) {
          expect(await passwords.verify('abc123', one)).to.equal(true)
          expect(await passwords.verify('abc124', one)).to.equal(false)
        }
    }
  })
})

describe('the hashes under way', () => {
  const settled = { running: 0, waiting: 0 }

  /** Starts hashes at once; gives what each came to, and the most that ran together. */
  async function run(
    passwords: ReturnType<typeof createPasswords>,
    count: number,
  ): Promise<{ outcomes: string[]; most: number }> {
    let most = 0
    const outcomes = await Promise.all(
      Array.from({ length: count }, async () => {
        const hashing = passwords.hash('abc123').then(
          () => 'hashed',
          (error: unknown) => (error instanceof GatewayError ? error.key : String(error)),
        )
        most = Math.max(most, passwords.pressure().running)
        const outcome = await hashing
        most = Math.max(most, passwords.pressure().running)
        return outcome
      }),
    )
    return { outcomes, most }
  }

  it('are never more than the cores; the others wait', async () => {
    const passwords = createPasswords({ queueLength: 64, workers: 1 })
    const running = run(passwords, cores + 6)
    expect(passwords.pressure()).to.include({ running: cores, waiting: 6 })
    const { outcomes, most } = await running
    expect(most).to.equal(cores)
    expect(new Set(outcomes)).to.deep.equal(new Set(['hashed']))
    expect(passwords.pressure()).to.include(settled)
  })

  it('share the cores with the other processes, but are at least one', async () => {
    for (const workers of [cores, 64 * cores]) {
      const passwords = createPasswords({ queueLength: 64, workers })
      const running = run(passwords, 3)
      expect(passwords.pressure()).to.include({ running: 1, waiting: 2 })
      expect((await running).most).to.equal(1)
    }
  })

  it('are served in the order they came', async () => {
    const passwords = createPasswords({ queueLength: 64, workers: 64 * cores })
    const order: number[] = []
    await Promise.all([1, 2, 3, 4].map(async (n) => passwords.hash('abc123').then(() => order.push(n))))
    expect(order).to.deep.equal([1, 2, 3, 4])
  })

  it('beyond the queue are refused with UNAVAILABLE and when to come again', async () => {
    const passwords = createPasswords({ queueLength: 2, workers: 64 * cores })
    const running = run(passwords, 5)
    const refused = await passwords.verify('abc123', undefined).catch((error: unknown) => error)
    expect(refused).to.be.instanceOf(GatewayError).and.include({ key: 'UNAVAILABLE', retryAfter: 1 })
    const { outcomes } = await running
    expect(outcomes).to.deep.equal(['hashed', 'hashed', 'hashed', 'UNAVAILABLE', 'UNAVAILABLE'])
    expect(passwords.pressure()).to.include(settled)
    expect((await run(passwords, 3)).outcomes).to.deep.equal(['hashed', 'hashed', 'hashed'])
  })

  it('that have a place reserved are computed however many come meanwhile', async () => {
    const passwords = createPasswords({ queueLength: 2, workers: 64 * cores })
    const reserved = passwords.reserve(async (write) => {
      const { outcomes } = await run(passwords, 4)
      expect(outcomes).to.deep.equal(['hashed', 'hashed', 'UNAVAILABLE', 'UNAVAILABLE'])
      const others = run(passwords, 2)
      expect(passwords.hasRoom()).to.equal(false)
      const own = await write('abc123')
      expect((await others).outcomes).to.deep.equal(['hashed', 'hashed'])
      return own
    })
    expect((await reserved).passwordHash).to.match(/^\$argon2id\$/)
    expect((await run(passwords, 3)).outcomes).to.deep.equal(['hashed', 'hashed', 'hashed'])
  })

  it('that are not made after all give their place back, and none is reserved where there is none', async () => {
    const passwords = createPasswords({ queueLength: 2, workers: 64 * cores })
    const failing = passwords.reserve(() => Promise.reject(new Error('the code was wrong')))
    expect(await failing.catch(String)).to.equal('Error: the code was wrong')
    const running = run(passwords, 3)
    let isCalled = false
    const refused = passwords
      .reserve(() => Promise.resolve((isCalled = true)))
      .catch((error: unknown) => error)
    expect(await refused).to.include({ key: 'UNAVAILABLE' })
    expect(isCalled).to.equal(false)
    expect((await running).outcomes).to.deep.equal(['hashed', 'hashed', 'hashed'])
  })

  it('that fail make room for the next', async () => {
    const passwords = createPasswords({ queueLength: 2, workers: 64 * cores })
    const broken = stored('$argon2id$broken')
    const failures = await Promise.all(
      [1, 2, 3].map(() => passwords.verify('abc123', broken).catch((error: unknown) => error)),
    )
    for (const failure of failures) expect(failure).to.be.instanceOf(Error)
    expect(passwords.pressure()).to.include(settled)
  })
})
