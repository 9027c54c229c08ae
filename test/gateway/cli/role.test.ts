import { expect } from 'chai'
import { keys, refusal, refusalOf, useCommandLine, within5Seconds } from './command-line.js'
import { builtIn } from '../services/sign-in/built-in.js'
import { prepared, withGateway } from '../../suite.js'

const reach = 'Running nodes see it within 5 seconds.'

withGateway('role', keys, (gateway, database) => {
  const cli = useCommandLine(database)
  const user = prepared(before, () => gateway.addUser())

  /** What a manage path answers the user, once that is the expected code. */
  async function codeUntil(
    expected: number,
    path = '/manage/account/user/list',
  ): Promise<number | undefined> {
    const token = await user.startSession()
    const call = () => gateway.request(`${path}?perm_key=${token}`)
    return (await within5Seconds(call, ({ json }) => json?.code === expected)).json?.code
  }

  it('lists the built-in roles', async () => {
    expect(await cli.run('role list')).to.deep.equal({
      code: 0,
      stdout: `ROLE   ADMINS  MAY CALL\n管理员    0       ${builtIn.join(', ')}\n控制台只读  0       nothing\n`,
      stderr: '',
    })
    expect(JSON.parse((await cli.run('role list --json')).stdout)).to.deep.equal([
      { name: '管理员', builtIn: true, admins: 0, permissions: builtIn },
      // A server with a console fills it.
      { name: '控制台只读', builtIn: true, admins: 0, permissions: [] },
    ])
  })

  it('makes a role by its first grant', async () => {
    expect((await cli.run(['role', 'grant', '客服', '/manage/account/user/get'])).stdout).to.equal(
      `There was no role 客服; it was made.\nRole 客服 may now call /manage/account/user/get. ${reach}\n`,
    )
    await cli.run(`admin add ${user.uid} --role 客服`)
    expect(await codeUntil(0, `/manage/account/user/get`), 'needs a user_id').to.not.equal(403)
    expect(await codeUntil(403)).to.equal(403)
  })

  it('grants patterns, which running nodes see within five seconds', async () => {
    expect((await cli.run(['role', 'grant', '客服', '/manage/account/user/li*'])).stdout).to.equal(
      `Role 客服 may now call /manage/account/user/li*. ${reach}\n`,
    )
    expect(await codeUntil(0)).to.equal(0)
    const roles = JSON.parse((await cli.run('role list --json')).stdout)
    expect(roles[2]).to.deep.equal({
      name: '客服',
      builtIn: false,
      admins: 1,
      permissions: ['/manage/account/user/get', '/manage/account/user/li*'],
    })
  })

  it('revokes them', async () => {
    expect((await cli.run(['role', 'revoke', '客服', '/manage/account/user/li*'])).stdout).to.equal(
      `Role 客服 may not call /manage/account/user/li* any more. ${reach}\n`,
    )
    expect(await codeUntil(403)).to.equal(403)
    expect(refusal(await cli.run(['role', 'revoke', '客服', '/manage/account/user/li*']))).to.deep.equal({
      code: 1,
      line: 'error: role 客服 was not granted /manage/account/user/li*: see "passport-gateway role list"',
    })
    await cli.run(['role', 'revoke', '客服', '/manage/account/user/get'])
    expect((await cli.run('role list')).stdout).to.match(/\n客服 +1 +nothing\n$/)
  })

  it('takes from one role only', async () => {
    await cli.run(['role', 'grant', '客服', '/manage/account/user/*'])
    expect((await cli.run(['role', 'revoke', '客服', '/manage/account/user/*'])).code).to.equal(0)
    const [manager] = JSON.parse((await cli.run('role list --json')).stdout)
    expect(manager.permissions).to.deep.equal(builtIn)
  })

  it('says when a grant changes nothing, and when it reaches no method', async () => {
    expect(refusal(await cli.run(['role', 'grant', '管理员', '/manage/account/user/*']))).to.deep.equal({
      code: 1,
      line: 'error: role 管理员 may call /manage/account/user/* already',
    })
    expect((await cli.run(['role', 'grant', '客服', '/manage/acount/*'])).stdout).to.equal(
      `Role 客服 may now call /manage/acount/*. ${reach}\nNo method of this version has such a path.\n`,
    )
    expect(refusal(await cli.run(['role', 'revoke', '客户', '/manage/*']))).to.deep.equal({
      code: 1,
      line: 'error: there is no role 客户: see "passport-gateway role list"',
    })
  })

  it('writes each change into the audit', async () => {
    const entries = await gateway.db('audit_entry').orderBy('audit_id')
    const [first, ...more] = entries.filter(({ action }) => action.startsWith('cli role'))
    expect(first).to.include({
      action: 'cli role grant',
      outcome: 'ok',
      actor: 'cli',
      detail: 'role 客服, /manage/account/user/get',
    })
    expect(more.map(({ action }) => action.slice(9))).to.deep.equal([
      'grant',
      'revoke',
      'revoke',
      'grant',
      'revoke',
      'grant',
    ])
  })
})

describe('role', () => {
  it('refuses what is no path of a method, and what is no name', async () => {
    for (const pattern of [
      '*',
      '/',
      'manage.account.user.list',
      '/manage/x y',
      '/manage/(a|b)',
      '/web/passport/*',
    ])
      expect(await refusalOf(['role', 'grant', '客服', pattern])).to.deep.equal({
        code: 2,
        line: `error: command-argument value '${pattern}' is invalid for argument 'pattern'. It must be a path such as /manage/account/user/list, "*" for any part.`,
      })
    for (const name of [' ', 'a,b', 'x'.repeat(51)])
      expect((await refusalOf(['role', 'grant', name, '/manage/*'])).code).to.equal(2)
  })
})
