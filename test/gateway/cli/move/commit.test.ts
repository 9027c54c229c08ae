import { hash } from 'node:crypto'
import { expect } from 'chai'
import { keys, refusal, useCommandLine } from '../command-line.js'
import { withGateway } from '../../../suite.js'

withGateway('move commit', keys, (gateway, database) => {
  const cli = useCommandLine(database)
  const uids = Array.from({ length: 12 }, () => 0)
  const password = 'abc123'

  before(async () => {
    for (const at of uids.keys()) {
      const { uid } = await gateway.addUser()
      uids[at] = uid
      const user_password =
        at % 2 === 0
          ? hash('md5', password)
          : `${hash('md5', `${password}${'A'.repeat(32)}`)}:${'A'.repeat(32)}`
      await gateway.db('account_user_base').where({ user_id: uid }).update({ user_password, user_salt: '' })
    }
  })

  const stored = () =>
    gateway.db('account_user_base').whereIn('user_id', uids).orderBy('user_id').pluck('user_password')
  const code = async (uid: number | undefined) =>
    (await gateway.call('web.passport.verifyUserPwd', { uid: String(uid), password }, { verb: 'POST' })).json
      ?.code

  it('is refused on hold, and without --yes, and changes nothing then', async () => {
    const before = await stored()
    expect(
      refusal(await cli.run('move commit --yes', { env: { PASSWORD_UPGRADE: 'hold' } })).line,
    ).to.include('PASSWORD_UPGRADE is hold')
    expect((await cli.run('move commit')).code).to.equal(1)
    const { stdout } = await cli.run('move commit --dry-run')
    expect(stdout)
      .to.match(/^md5 +6$/m)
      .and.match(/^md5:R +6$/m)
    expect(stdout).to.include('the old server can check their passwords no more')
    expect(await stored()).to.deep.equal(before)
  })

  it('turns all old hashes, beside a sign-in and another that does the same, and again nothing', async () => {
    const [one, other, signedIn] = await Promise.all([
      cli.run('move commit --yes'),
      cli.run('move commit --yes'),
      code(uids[0]),
    ])
    expect([one.code, other.code, signedIn], one.stderr + other.stderr).to.deep.equal([0, 0, 200])
    for (const text of await stored()) expect(text).to.match(/^(?:\{md5\})?\$argon2id\$/)
    for (const uid of uids) expect(await code(uid)).to.equal(200)
    expect((await cli.run('move commit')).stdout).to.equal('no user has an old hash that is left to turn\n')
    const entries = JSON.parse((await cli.run(['audit', '--action', 'cli move commit', '--json'])).stdout)
    expect(entries.length).to.be.within(1, 2)
  })

  it('is seen in the counts of each day', async () => {
    const day = '2026-01-01'
    const counts = JSON.stringify({ md5: 12 })
    await gateway
      .db('password_form_count')
      .insert({ counted_on: day, counted_at: Date.parse(`${day}T12:00:00Z`), counts })
    const [today, before] = JSON.parse((await cli.run('user hashes --days 30 --json')).stdout)
    expect(before).to.deep.include({ day, old: 12 })
    expect(today.day).to.equal(new Date().toISOString().slice(0, 10))
    expect((await cli.run('user hashes --days 30')).stdout).to.match(
      /^DAY +OLD +ALL\n[\d-]+ +\d+ .*\n2026-01-01 +12 +md5 12\n$/,
    )
  })
})
