import { expect } from 'chai'
import type { TestUser } from '../../../harness.js'
import { keys, refusal, refusalOf, useCommandLine, within5Seconds } from '../command-line.js'
import { prepared, withGateway } from '../../../suite.js'

const signedIn = 200
const signInAgain = 10014

withGateway('user', keys, (gateway, database) => {
  const cli = useCommandLine(database)
  const page = prepared(before, () => gateway.addApp({ trust: 'public' }))

  /** What a session of the user is answered with, once that is the expected code. */
  async function sessionCode(
    { uid }: TestUser,
    token: string,
    expected: number,
  ): Promise<number | undefined> {
    const options = { app: page, headers: { Authorization: `Bearer ${token}` } }
    const call = () => gateway.call('web.passport.getUserVerifyInfo', { uid: String(uid) }, options)
    return (await within5Seconds(call, ({ json }) => json?.code === expected)).json?.code
  }

  async function passwordCode({ uid }: TestUser, password: string): Promise<number | undefined> {
    return (await gateway.call('web.passport.verifyUserPwd', { uid: String(uid), password })).json?.code
  }

  describe('token', () => {
    it('starts a session, whose token a public application may use', async () => {
      const user = await gateway.addUser()
      const { code, stdout } = await cli.run(`user token ${user.uid}`)
      expect(code).to.equal(0)
      expect(await sessionCode(user, stdout.trim(), signedIn)).to.equal(signedIn)
    })
  })

  describe('passwd', () => {
    it('sets a password from standard input, ends all sessions and lets the user know', async () => {
      const user = await gateway.addUser({ email: 'wang@example.com' })
      const token = await user.startSession()
      expect(await sessionCode(user, token, signedIn)).to.equal(signedIn)
      const input = 'another password\n'
      expect(await cli.run(`user passwd ${user.uid} --password -`, { input })).to.deep.equal({
        code: 0,
        stdout: `User ${user.uid} has a new password; all sessions of the user end, on running nodes within 5 seconds.\n`,
        stderr: '',
      })
      expect(await sessionCode(user, token, signInAgain)).to.equal(signInAgain)
      expect(await passwordCode(user, 'another password')).to.equal(200)
      expect(await passwordCode(user, user.password)).to.equal(10012)
      const [notice] = await within5Seconds(
        () => gateway.sentTo('wang@example.com'),
        (messages) => messages.length > 0,
      )
      expect(notice?.subject).to.equal('密码已修改 / Password changed')
      expect(notice?.text).not.to.include('another password')
    })

    it('makes a password when none is given, and prints it once', async () => {
      const user = await gateway.addUser()
      const text = (await cli.run(`user passwd ${user.uid}`)).stdout
      const [, first = ''] = /\npassword: ([\w-]{16})\nThe password is shown this once: /.exec(text) ?? []
      expect(await passwordCode(user, first)).to.equal(200)
      const { uid, password } = JSON.parse((await cli.run(`user passwd ${user.uid} --json`)).stdout)
      expect(uid).to.equal(user.uid)
      expect(await passwordCode(user, password)).to.equal(200)
    })

    it('keeps the password rule, and changes nothing then', async () => {
      const user = await gateway.addUser()
      const answer = await cli.run(`user passwd ${user.uid} --password -`, { input: '12345678' })
      expect(refusal(answer)).to.deep.equal({
        code: 1,
        line: 'error: password: not one of the most common ones',
      })
      expect(await passwordCode(user, user.password)).to.equal(200)
    })
  })

  describe('disable and enable', () => {
    it('end all sessions of a user and let the user in again', async () => {
      const user = await gateway.addUser()
      const token = await user.startSession()
      expect(await sessionCode(user, token, signedIn)).to.equal(signedIn)
      expect(await cli.run(`user disable ${user.uid}`)).to.deep.equal({
        code: 0,
        stdout: `User ${user.uid} is disabled; all sessions of the user end, on running nodes within 5 seconds.\n`,
        stderr: '',
      })
      expect(await sessionCode(user, token, signInAgain)).to.equal(signInAgain)
      expect((await cli.run(`user show ${user.uid}`)).stdout).to.match(/^state {5}disabled$/m)
      expect(await cli.run(`user enable ${user.uid}`)).to.deep.equal({
        code: 0,
        stdout: `User ${user.uid} is enabled.\n`,
        stderr: '',
      })
      const fresh = await user.startSession()
      expect(await sessionCode(user, fresh, signedIn)).to.equal(signedIn)
      expect(await sessionCode(user, token, signInAgain), 'the session from before').to.equal(signInAgain)
    })
  })

  it('leave what was done in the audit, and nothing of a secret', async () => {
    const user = await gateway.addUser()
    for (const verb of ['passwd', 'disable', 'enable']) await cli.run(`user ${verb} ${user.uid}`)
    const entries = await gateway.db('audit_entry').where({ target_id: user.uid }).orderBy('audit_id')
    expect(entries.map(({ action, actor, detail }) => [action, actor, detail])).to.deep.equal([
      ['cli user passwd', 'cli', ''],
      ['cli user disable', 'cli', ''],
      ['cli user enable', 'cli', ''],
    ])
  })

  it('says when there is no such user', async () => {
    const commands = ['user passwd 404404', 'user disable 404404', 'user enable 404404']
    for (const answer of await Promise.all(commands.map((command) => cli.run(command))))
      expect(refusal(answer)).to.deep.equal({ code: 1, line: 'error: there is no user 404404' })
  })
})

describe('user', () => {
  it('refuses what is no user id', async () => {
    for (const verb of ['passwd', 'disable', 'enable'])
      for (const uid of ['zhang', '0', '1.5', '99999999999'])
        expect(await refusalOf(['user', verb, uid])).to.deep.equal({
          code: 2,
          line: `error: command-argument value '${uid}' is invalid for argument 'uid'. It must be a whole number from 1 to 4294967295.`,
        })
  })
})
