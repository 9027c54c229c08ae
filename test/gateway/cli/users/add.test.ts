import { expect } from 'chai'
import { findAddressOwner } from '../../../../db/address-owners.js'
import { findCredentials } from '../../../../db/credentials.js'
import { findUserInfo } from '../../../../db/user-info.js'
import { vectorKey } from '../../../servers/shop/tokens.js'
import { keys, refusal, refusalOf, useCommandLine } from '../command-line.js'
import { withGateway } from '../../../suite.js'

withGateway('user add', keys, (gateway, database) => {
  const cli = useCommandLine(database)

  async function passwordCode(uid: number, password: string): Promise<number | undefined> {
    return (await gateway.call('web.passport.verifyUserPwd', { uid: String(uid), password })).json?.code
  }

  it('makes a password and prints it once', async () => {
    const { code, stdout, stderr } = await cli.run('user add --account zhang_san')
    expect({ code, stderr }).to.deep.equal({ code: 0, stderr: '' })
    const [, uid = '', password = ''] =
      /^User (\d+) is added: account zhang_san\.\npassword: ([\w-]{16})\nThe password is shown this once: .*\n$/.exec(
        stdout,
      ) ?? []
    expect(Number(uid)).to.be.at.least(10002)
    expect(await passwordCode(Number(uid), password)).to.equal(200)
  })

  it('takes a password from standard input, and does not show it', async () => {
    const input = 'a good password 密码\n'
    const { code, stdout, stderr } = await cli.run('user add --account li_si --password - --json', { input })
    expect({ code, stderr }).to.deep.equal({ code: 0, stderr: '' })
    const { uid, ...rest } = JSON.parse(stdout)
    expect(rest).to.deep.equal({ account: 'li_si' })
    expect(await passwordCode(uid, 'a good password 密码')).to.equal(200)
    const stored = await findCredentials(gateway.db, uid)
    expect(stored).to.deep.include({ user_account: 'li_si', user_state: 1, user_salt: '' })
  })

  it('takes a uid, a number and an e-mail address, and counts them as proved when told to', async () => {
    const words = '--mobile 61234567 --area 852 --email Wang@Example.com --uid 5357305 --verified --json'
    const { code, stdout } = await cli.run(`user add --account wang ${words}`)
    expect(code).to.equal(0)
    expect(JSON.parse(stdout)).to.include({ uid: 5357305, account: 'wang' })
    expect(await findUserInfo(gateway.db, 5357305)).to.include({
      user_account: 'wang',
      user_nickname: 'wang',
      user_intl: '+852',
      user_mobile: '61234567',
      user_email: 'wang@example.com',
    })
    for (const [kind, value] of [
      ['mobile', '+85261234567'],
      ['email', 'wang@example.com'],
    ] as const) {
      const identity = await findAddressOwner(gateway.db, kind, value)
      expect(identity).to.include({ user_id: 5357305 })
      expect(identity?.verified_at).to.be.closeTo(Date.now(), 600_000)
    }
  })

  it('refuses an id that a shop beside the server could not read', async () => {
    const env = { SHOP_TOKEN_KEY: vectorKey }
    const refused = await cli.run('user add --account too_late --uid 2147483648', { env })
    expect(refused.code).to.equal(1)
    expect(refused.stderr).to.include(
      'SHOP_TOKEN_KEY is set, and 2147483648 is too great for an id: the shop reads none above 2147483647',
    )
    expect(await findCredentials(gateway.services.db, 2 ** 31)).to.equal(undefined)
  })

  it('claims a number without proof when not told to', async () => {
    const { stdout } = await cli.run('user add --account zhao --mobile 13912345678 --json')
    expect(await findAddressOwner(gateway.db, 'mobile', '+8613912345678')).to.include({
      user_id: JSON.parse(stdout).uid,
      verified_at: null,
    })
  })

  it('refuses what another user has, and adds nothing then', async () => {
    const before = await gateway.db('account_user_base').pluck('user_id')
    const refusals = [
      ['--account WANG', /^error: account WANG belongs to user 5357305 already$/],
      ['--account other --uid 5357305', /^error: there is a user 5357305 already$/],
      [
        '--account other --mobile 852-61234567 --verified',
        /^error: \+85261234567 belongs to user 5357305 already$/,
      ],
      ['--account other --mobile 13912345678', /^error: \+8613912345678 belongs to user \d+ already$/],
      [
        '--account other --email wang@EXAMPLE.com',
        /^error: wang@example.com belongs to user 5357305 already$/,
      ],
    ] as const
    const answers = await Promise.all(refusals.map(([words]) => cli.run(`user add ${words}`)))
    for (const [at, [words, line]] of refusals.entries()) {
      const given = refusal(answers[at] ?? expect.fail('no answer'))
      expect(given.code, words).to.equal(1)
      expect(given.line, words).to.match(line)
    }
    expect(await gateway.db('account_user_base').pluck('user_id')).to.have.members(before)
  })

  it('takes over a number that another user has only claimed', async () => {
    const { stdout } = await cli.run('user add --account qian --mobile 13912345678 --verified --json')
    expect(await findAddressOwner(gateway.db, 'mobile', '+8613912345678')).to.include({
      user_id: JSON.parse(stdout).uid,
    })
  })

  it('keeps the password rule', async () => {
    const common = await cli.run('user add --account sun_ --password -', { input: '123456' })
    expect(refusal(common)).to.deep.equal({
      code: 1,
      line: 'error: password: not one of the most common ones',
    })
    const short = await cli.run('user add --account sun_ --password -')
    expect(refusal(short)).to.deep.equal({ code: 1, line: 'error: password: 6 to 64 printable characters' })
  })

  it('refuses a password on the command line, and does not repeat it', async () => {
    expect(refusal(await cli.run('user add --account sun_ --password hush-hush'))).to.deep.equal({
      code: 2,
      line: 'error: --password takes "-" only: what stands on a command line stays in the shell history',
    })
  })
})

describe('user add', () => {
  it('refuses what has not the form it wants', async () => {
    const refusals = [
      ['', /^error: required option '--account <name>' not specified$/],
      ['--account abc', /It must be 4 to 32 letters, digits or "_"\.$/],
      ['--account a-b-c', /It must be 4 to 32 letters, digits or "_"\.$/],
      ['--account sun_ --uid 0', /It must be a whole number from 1 to 4294967295\.$/],
      ['--account sun_ --uid 4294967296', /It must be a whole number from 1 to 4294967295\.$/],
      ['--account sun_ --email nobody', /It must be an e-mail address of at most 50 characters\.$/],
      [`--account sun_ --email ${'a'.repeat(40)}@example.com`, /of at most 50 characters\.$/],
      ['--account sun_ --mobile 1391234567', /^error: --mobile: no mobile number of area 86$/],
      ['--account sun_ --mobile 13912345678 --area 852', /^error: --mobile: no mobile number of area 852$/],
      ['--account sun_ --verified', /^error: --verified goes with --mobile or --email$/],
    ] as const
    for (const [words, line] of refusals) {
      const given = await refusalOf(['user', 'add', ...words.split(' ').filter((word) => word !== '')])
      expect(given.code, words).to.equal(2)
      expect(given.line, words).to.match(line)
    }
  })
})
