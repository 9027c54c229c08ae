import { expect } from 'chai'
import { startConsoleSession } from '../../../methods/rules/console/sessions.js'
import { useTicket } from '../../../methods/rules/console/tickets.js'
import { keys, refusal, useCommandLine, within5Seconds } from './command-line.js'
import { prepared, withGateway } from '../../suite.js'

withGateway('admin', keys, (gateway, database) => {
  const cli = useCommandLine(database)
  let account = ''
  const user = prepared(before, () => gateway.addUser())
  before(async () => {
    const row = await gateway.db('account_user_base').where({ user_id: user.uid }).first()
    account = row?.user_account ?? ''
  })

  /** What a manage path answers the user, once that is the expected code. */
  async function codeUntil(expected: number): Promise<number | undefined> {
    const token = await user.startSession()
    const call = () => gateway.request(`/manage/account/user/list?perm_key=${token}`)
    return (await within5Seconds(call, ({ json }) => json?.code === expected)).json?.code
  }

  it('lists nobody at first', async () => {
    expect(await cli.run('admin list')).to.deep.equal({
      code: 0,
      stdout: 'nobody is an administrator\n',
      stderr: '',
    })
  })

  it('makes a user an administrator, whom running nodes let in within five seconds', async () => {
    expect(await codeUntil(403)).to.equal(403)
    expect(await cli.run(`admin add ${user.uid}`)).to.deep.equal({
      code: 0,
      stdout: `User ${user.uid} is now an administrator with the role 管理员. Running nodes see it within 5 seconds.\n`,
      stderr: '',
    })
    expect(await codeUntil(0)).to.equal(0)
  })

  it('lists the administrator', async () => {
    const { stdout } = await cli.run('admin list')
    const [head = '', line = '', ...rest] = stdout.split('\n')
    expect(head).to.match(/^UID {4}ACCOUNT {12}SINCE {16}ROLE$/)
    expect(line).to.match(new RegExp(`^${user.uid}  ${account}  \\d{4}-\\d\\d-\\d\\d [\\d:]{8}  管理员$`))
    expect(rest).to.deep.equal([''])
    const [shown, ...more] = JSON.parse((await cli.run('admin list --json')).stdout)
    expect(more).to.deep.equal([])
    expect(shown).to.deep.equal({ uid: user.uid, account, role: '管理员', since: shown.since })
    expect(Date.parse(shown.since)).to.be.within(Date.now() - 60_000, Date.now())
  })

  it('gives the administrator another role, by account', async () => {
    await cli.run(['role', 'grant', '审计员', '/manage/account/audit/*'])
    expect((await cli.run(`admin add ${account} --role 审计员`)).stdout).to.equal(
      `User ${user.uid} is an administrator, now with the role 审计员. Running nodes see it within 5 seconds.\n`,
    )
    expect(await codeUntil(403)).to.equal(403)
    const token = await user.startSession()
    expect((await gateway.request(`/manage/account/audit/list?perm_key=${token}`)).json?.code).to.equal(0)
  })

  it('makes the administrator an ordinary user again', async () => {
    await cli.run(`admin add ${user.uid}`)
    expect(await codeUntil(0)).to.equal(0)
    expect(await cli.run(`admin remove ${account}`)).to.deep.equal({
      code: 0,
      stdout: `User ${user.uid} is no administrator any more. Running nodes see it within 5 seconds.\n`,
      stderr: '',
    })
    expect(await codeUntil(403)).to.equal(403)
    expect(refusal(await cli.run(`admin remove ${user.uid}`))).to.deep.equal({
      code: 1,
      line: `error: user ${user.uid} is no administrator`,
    })
  })

  it('writes each change into the audit, and nothing of what was refused', async () => {
    const entries = await gateway.db('audit_entry').orderBy('audit_id')
    const shown = entries.filter(({ action }) => action.startsWith('cli admin'))
    expect(
      shown.map(({ action, outcome, actor, target_id, detail }) => [
        action,
        outcome,
        actor,
        target_id,
        detail,
      ]),
    ).to.deep.equal([
      ['cli admin add', 'ok', 'cli', user.uid, 'role 管理员'],
      ['cli admin add', 'ok', 'cli', user.uid, 'role 审计员'],
      ['cli admin add', 'ok', 'cli', user.uid, 'role 管理员'],
      ['cli admin remove', 'ok', 'cli', user.uid, ''],
    ])
  })

  it('says when there is no such user or role', async () => {
    for (const verb of ['add', 'remove'])
      expect(refusal(await cli.run(`admin ${verb} 404404`))).to.deep.equal({
        code: 1,
        line: 'error: no user has the id 404404',
      })
    expect(refusal(await cli.run(`admin add ${user.uid} --role boss`))).to.deep.equal({
      code: 1,
      line: 'error: there is no role boss: see "passport-gateway role list"',
    })
  })

  it('prints a ticket for a first second factor, and takes all factors away again', async () => {
    const { services, db } = gateway
    const ticketIn = (stdout: string) =>
      new RegExp(`^Ticket of user ${user.uid} .*: ([\\w-]{24})$`, 'm').exec(stdout)?.[1] ??
      expect.fail(stdout)
    expect(refusal(await cli.run(`admin invite ${user.uid}`))).to.deep.equal({
      code: 1,
      line: `error: user ${user.uid} is no administrator`,
    })
    await cli.run(`admin add ${user.uid}`)
    const first = ticketIn((await cli.run(`admin invite ${user.uid}`)).stdout)
    const second = ticketIn((await cli.run(`admin invite ${account}`)).stdout)
    await useTicket(services, user.uid, first).then(
      () => expect.fail('a ticket before the newest is good'),
      (error: unknown) => expect(error).to.include({ key: 'CODE_IS_INVALID' }),
    )
    expect(JSON.stringify(await db('console_ticket').select())).to.not.include(second)
    await useTicket(services, user.uid, second)
    await db('console_totp').insert({
      user_id: user.uid,
      secret: 'sealed',
      pending: '',
      last_step: 0,
      confirmed_at: 1,
    })
    await startConsoleSession(services, { userId: user.uid, generation: 0, stage: 'full', ip: '', agent: '' })
    expect(refusal(await cli.run(`admin invite ${user.uid}`)).line).to.include('has a second factor')
    const { stdout } = await cli.run(`admin second-factor reset ${user.uid}`)
    expect(stdout).to.include(
      `User ${user.uid} has no second factor any more, and no session of the console.`,
    )
    await useTicket(services, user.uid, ticketIn(stdout))
    for (const table of ['console_totp', 'console_session', 'console_recovery_code'] as const)
      expect(await db(table).where({ user_id: user.uid }), table).to.deep.equal([])
    const actions = await db('audit_entry').where('action', 'like', 'cli admin %e%').pluck('action')
    expect(actions.filter((action) => /invite|reset/.test(action))).to.deep.equal([
      'cli admin invite',
      'cli admin invite',
      'cli admin second-factor reset',
    ])
  })
})
