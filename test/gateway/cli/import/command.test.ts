import { expect } from 'chai'
import { onEachDatabase } from '../../../servers/databases.js'
import { vectorKey } from '../../../servers/shop/tokens.js'
import { keys, useCommandLine } from '../command-line.js'
import { useGateway, useFolder } from '../../../suite.js'

const isLong = process.env['TEST_LONG'] !== undefined
const manyUsers = isLong ? 1_000_000 : 5000

/** abc123 in every old form. */
const hashes = {
  gateway: `5821d8466fa236d15877025778d69f09:${'A'.repeat(32)}`,
  bare: 'e99a18c428cb38d5f260853678922e03',
}

onEachDatabase('user import', function (database) {
  this.timeout(isLong ? 3_600_000 : 60_000)
  const cli = useCommandLine(database)
  const folder = useFolder('import')
  const gateway = useGateway(database, keys)

  const file = (name: string, lines: readonly string[]) => folder.write(name, lines.join('\n'))

  async function signIn(uid: number, password = 'abc123'): Promise<number | undefined> {
    return (await gateway.call('web.passport.verifyUserPwd', { uid: String(uid), password })).json?.code
  }

  it('brings users of a CSV file, who sign in with their old passwords', async () => {
    const path = file('users.csv', [
      'uid,account,password,nickname,area,mobile,mobile_verified,email,email_verified,state',
      `700001,zhang,${hashes.gateway},张三,86,13800000001,2015-11-13 14:14:35,Zhang@Example.com,Y,1`,
      `700002,"li, si",${hashes.bare},,852,51234567,N,,,`,
    ])
    const answer = await cli.run(['user', 'import', path, '--form', 'md5', '--json'])
    expect(answer.stderr).to.equal('')
    expect(JSON.parse(answer.stdout)).to.deep.equal({
      lines: 2,
      imported: 2,
      known: 0,
      updated: 0,
      bad: 0,
      conflicts: 0,
      taken: 0,
      leftOut: 0,
    })
    expect(await signIn(700001)).to.equal(200)
    expect(await signIn(700002)).to.equal(200)
    expect(await signIn(700002, 'abc124')).to.equal(10012)
    const info = (uid: string) => gateway.call('web.passport.getUserVerifyInfo', { uid })
    expect((await info('700001')).json?.data).to.include({
      email: 'zhang@example.com',
      emailVerify: 'Y',
      mobileVerify: 'Y',
    })
    expect((await info('700002')).json?.data).to.include({ mobile: '852-51234567', mobileVerify: 'N' })
  })

  it('brings users of JSON lines from standard input, and gives ids where there are none', async () => {
    const input = `${JSON.stringify({ account: 'wang', password: hashes.bare, email: 'wang@example.com', state: 0 })}\n`
    const answer = await cli.run(['user', 'import', '-', '--format', 'jsonl', '--form', 'md5'], { input })
    expect(answer).to.include({ code: 0, stderr: '' })
    const shown = JSON.parse((await cli.run('user show wang --json')).stdout)
    expect(shown[0]).to.include({ account: 'wang', state: 'disabled' })
  })

  it('can be run again: users who are there already are left alone', async () => {
    const path = file('again.csv', ['uid,password', `700010,${hashes.bare}`])
    await cli.run(['user', 'import', path, '--form', 'md5'])
    expect(await signIn(700010)).to.equal(200)
    const answer = await cli.run(['user', 'import', path, '--form', 'md5', '--json'])
    expect(JSON.parse(answer.stdout)).to.include({ imported: 0, known: 1 })
    expect(await signIn(700010)).to.equal(200)
  })

  it('names bad lines and fields by number and what they want, leaves them out, and shows none of their values', async () => {
    const path = file('bad.csv', [
      'uid,account,password,mobile,email',
      `700020,,${hashes.bare},,`,
      'x,,secret-in-a-file,,',
      `700021,,secret-in-a-file,,`,
      `700022,,${hashes.bare},12,`,
      `700023,,${hashes.bare},,no-address`,
      `700024,,${hashes.bare}`,
      `700025,,${hashes.bare},,`,
    ])
    const answer = await cli.run(['user', 'import', path, '--form', 'md5', '--json'])
    expect(answer.code).to.equal(1)
    expect(JSON.parse(answer.stdout)).to.include({ imported: 4, bad: 3, leftOut: 2 })
    expect(answer.stderr.split('\n')).to.have.members([
      'line 3: uid: must be a whole number from 1 to 4294967295',
      'line 4: password: must be a hash of a known form',
      'line 5: mobile: must be a number of its area; imported without it',
      'line 6: email: must be an e-mail address of at most 50 characters; imported without it',
      'line 7: is no CSV with the columns of the header',
      '',
    ])
    expect(answer.stdout + answer.stderr).to.not.include('secret-in-a-file')
  })

  it('leaves out users whose id a shop beside the server could not read', async () => {
    const path = file('late.csv', ['uid,password', `2147483647,${hashes.bare}`, `2147483648,${hashes.bare}`])
    const env = { SHOP_TOKEN_KEY: vectorKey }
    const answer = await cli.run(['user', 'import', path, '--form', 'md5', '--json', '--dry-run'], { env })
    expect(answer.code).to.equal(1)
    expect(JSON.parse(answer.stdout)).to.include({ imported: 1, bad: 1 })
    expect(answer.stderr).to.equal(
      'line 3: uid: SHOP_TOKEN_KEY is set, and 2147483648 is too great for an id: the shop reads none above 2147483647\n',
    )
  })

  it('imports a user whose number belongs to another without it, and says so', async () => {
    const path = file('taken.jsonl', [
      JSON.stringify({ uid: 700030, password: hashes.bare, mobile: '13800000030', mobile_verified: 'Y' }),
      JSON.stringify({ uid: 700031, password: hashes.bare, mobile: '13800000030' }),
    ])
    const answer = await cli.run(['user', 'import', path, '--form', 'md5', '--json'])
    expect(answer.stderr).to.equal('line 2: mobile: belongs to another user already; imported without it\n')
    expect(JSON.parse(answer.stdout)).to.include({ imported: 2, taken: 1 })
  })

  it('wraps MD5 hashes in argon2id at once with --wrap, on the way in and later', async () => {
    const path = file('wrap.csv', [
      'uid,password,salt',
      `700040,${hashes.gateway},`,
      `700041,${hashes.bare},`,
    ])
    await cli.run(['user', 'import', path, '--form', 'md5', '--wrap'])
    const stored = await gateway
      .db('account_user_base')
      .whereIn('user_id', [700040, 700041])
      .pluck('user_password')
    for (const password of stored) expect(password).to.match(/^\{md5\}\$argon2id\$/)
    const before = JSON.parse((await cli.run('user hashes --json')).stdout)
    expect(before['argon2id(md5)']).to.equal(2)
    const after = JSON.parse((await cli.run('user hashes --wrap --json')).stdout)
    expect(after).to.not.have.any.keys('md5', 'md5:R', 'md5+salt')
    expect(await signIn(700040)).to.equal(200)
    expect(await signIn(700041)).to.equal(200)
    expect(await signIn(700020)).to.equal(200)
  })

  it(`streams ${manyUsers} users with a number and an address in bounded memory and shows its progress`, async () => {
    const lines = Array.from(
      { length: manyUsers },
      (_, at) => `${800_000 + at},${hashes.bare},139${String(at).padStart(8, '0')},user${at}@example.com`,
    )
    const path = file('many.csv', ['uid,password,mobile,email', ...lines])
    const env = { NODE_OPTIONS: '--max-old-space-size=128' }
    const answer = await cli.run(['user', 'import', path, '--form', 'md5', '--json'], { env })
    expect(JSON.parse(answer.stdout)).to.include({ lines: manyUsers, imported: manyUsers, bad: 0, taken: 0 })
    if (isLong) expect(answer.stderr).to.match(/^\d+ s: \d+ lines, \d+ imported, 0 bad$/m)
  })
})
