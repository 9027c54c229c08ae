import { hash } from 'node:crypto'
import { expect } from 'chai'
import { writePassportForm } from '../../../gateway/services/sign-in/password-upgrade.js'
import type { TestGateway } from '../../harness.js'
import { requireProgram } from '../../servers/available.js'
import { sendCall, signedCall } from '../../servers/old-gateway/client.js'
import { type OldGateway, startOldGateway, type StoredRow } from '../../servers/old-gateway/old-gateway.js'
import { type OldUser, tokenSecret } from '../../servers/old-gateway/old-users.js'
import { withGateway } from '../../suite.js'
import { addOldUsers } from './adopted-users.js'

const isLong = process.env['TEST_LONG'] === '1'
const userCount = isLong ? 1000 : 30
/** Of all users those who change their password at ours. */
const isChanging = (user: OldUser) => user.uid % 10 === 0

const environment = () => ({
  OLD_TOKEN_SECRET: tokenSecret,
  OLD_TOKEN_UNTIL: new Date(Date.now() + 3_600_000).toISOString(),
  PASSWORD_UPGRADE: 'hold',
  LIMIT_IP_SCALE: '100000',
})

withGateway('a move that is gone back on', environment, function (gateway) {
  this.timeout(1_800_000)
  let old: OldGateway | undefined
  before(async function () {
    old = await startOldGateway(requireProgram(this, 'php'), userCount)
  })
  after(async () => old?.stop())
  const theOld = () => old ?? expect.fail('the old server did not start')

  /** The token of a sign-in by account. */
  async function signIn(base: string, { account }: OldUser, password: string): Promise<string> {
    const params = { user_account: account, password }
    const { json, text } = await sendCall(base, { verb: 'POST', path: '/front/account/login/login', params })
    const { token } = (json.data ?? {}) as { token?: string }
    return token ?? expect.fail(`${account} at ${base}: ${text}`)
  }
  /** Whose session a token is. */
  async function ownerOf(base: string, token: string): Promise<number | undefined> {
    const call = { verb: 'GET', path: '/front/account/user/info', params: { perm_key: token } } as const
    const { json } = await sendCall(base, call)
    return ((json.data ?? {}) as { user_id?: number }).user_id
  }
  const each = async <T>(users: readonly OldUser[], work: (user: OldUser) => Promise<T>): Promise<T[]> => {
    const results: T[] = []
    for (let at = 0; at < users.length; at += 8)
      results.push(...(await Promise.all(users.slice(at, at + 8).map(work))))
    return results
  }
  const uids = (users: readonly OldUser[]) => users.map(({ uid }) => uid)

  it('leaves every user signing in on either side, and every session alive', async () => {
    const { users, url, apps } = theOld()
    await addOldUsers(gateway, theOld())
    await mixForms(gateway, theOld())
    const before = await storedRows(gateway)

    const oldTokens = await each(users, (user) => signIn(url, user, user.password))
    /** Of all users those whose session goes on. */
    const alive = (base: string, tokens: readonly string[], of = users) =>
      each(of, (user) => ownerOf(base, tokens[users.indexOf(user)] ?? ''))

    // The switch.
    expect(await alive(gateway.url, oldTokens)).to.deep.equal(uids(users))
    const ownTokens = await each(users, (user) => signIn(gateway.url, user, user.password))
    expect(await storedRows(gateway)).to.deep.equal(before)

    // The way back, on the same table: everybody, and every session.
    theOld().storePasswords(await storedRows(gateway))
    for (const tokens of [oldTokens, ownTokens]) expect(await alive(url, tokens)).to.deep.equal(uids(users))
    await each(users, (user) => signIn(url, user, user.password))
    if (isLong)
      console.log(
        `      ${userCount}/${userCount} signed in at the old server, here and at the old one again`,
      )

    // Another switch, in which some change their passwords, and back.
    const app = await gateway.addApp({ name: 'h5', secret: apps['h5'] ?? '' })
    const changing = users.filter(isChanging)
    await each(changing, async ({ uid, password }) => {
      const params = { uid: String(uid), newPassword: `${password}x` }
      const { json, text } = await sendCall(
        gateway.url,
        signedCall(app, 'web.passport.changePwd', params, 'POST'),
      )
      expect(json.code, text).to.equal(200)
    })
    theOld().storePasswords(await storedRows(gateway))
    const steady = users.filter((user) => !isChanging(user))
    for (const tokens of [oldTokens, ownTokens])
      expect(await alive(url, tokens, steady)).to.deep.equal(uids(steady))
    await each(users, (user) => signIn(url, user, isChanging(user) ? `${user.password}x` : user.password))
    expect(changing.length).to.be.above(userCount / 20)
    await each(users, (user) =>
      signIn(gateway.url, user, isChanging(user) ? `${user.password}x` : user.password),
    )
  })

  it('takes tokens of the old server until their day, and says once that it is over', async () => {
    const [user] = theOld().users
    if (!user) expect.fail('no user')
    const token = await signIn(theOld().url, user, isChanging(user) ? `${user.password}x` : user.password)
    const own = await signIn(gateway.url, user, isChanging(user) ? `${user.password}x` : user.password)
    const isTaken = !isChanging(user)
    expect((await ownerOf(gateway.url, token)) === user.uid).to.equal(isTaken)
    gateway.clock.advance(3_700_000)
    expect(await ownerOf(gateway.url, token)).to.equal(undefined)
    expect(await ownerOf(gateway.url, token)).to.equal(undefined)
    expect(await ownerOf(gateway.url, own)).to.equal(user.uid)
    expect(gateway.logLines.filter((line) => line.includes('OLD_TOKEN_UNTIL is over'))).to.have.length(1)
  })
})

/** Gives a third of the users each of the three forms of passport.md §4, on both sides. */
async function mixForms({ db }: TestGateway, old: OldGateway): Promise<void> {
  const rows = old.users.flatMap(({ uid, password }, at): StoredRow[] => {
    if (at % 3 === 0) return []
    if (at % 3 === 1) return [{ uid, hash: hash('md5', password), salt: '' }]
    return [{ uid, hash: writePassportForm(password).passwordHash, salt: '' }]
  })
  for (const { uid, hash: user_password, salt: user_salt } of rows)
    await db('account_user_base').where({ user_id: uid }).update({ user_password, user_salt })
  old.storePasswords(rows)
}

async function storedRows({ db }: TestGateway): Promise<StoredRow[]> {
  const rows = await db('account_user_base').orderBy('user_id')
  return rows.map(({ user_id: uid, user_password, user_salt }) => {
    return { uid, hash: user_password ?? '', salt: user_salt ?? '' }
  })
}
