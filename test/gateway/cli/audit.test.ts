import { expect } from 'chai'
import { audit } from '../../../methods/rules/audit.js'
import { keys, refusalOf, useCommandLine } from './command-line.js'
import { withGateway } from '../../suite.js'

withGateway('audit', keys, (gateway, database) => {
  const cli = useCommandLine(database)

  interface ShownEntry {
    readonly action: string
    readonly at: string
  }
  const actions = async (options: string) => {
    const shown: ShownEntry[] = JSON.parse((await cli.run(`audit --json ${options}`.trim())).stdout)
    return shown.map(({ action }) => action)
  }

  it('says when there is nothing', async () => {
    expect(await cli.run('audit')).to.deep.equal({ code: 0, stdout: 'nothing was recorded\n', stderr: '' })
    expect(await cli.run('audit --json')).to.include({ code: 0, stdout: '[]\n' })
  })

  it('shows the newest first, and steers no terminal', async () => {
    const { services, clock } = gateway
    const record = async (action: string, detail: string) => {
      const call = { action, session: undefined, ip: '2001:db8::1' }
      await audit(services, call, { actorId: 10002, targetId: 10003, detail })
    }
    clock.freeze(Date.parse('2026-01-02T10:00:00+08:00'))
    await record('manage.account.user.edit', 'user_state 1 -> 0')
    clock.freeze(Date.now() - 2 * 3_600_000)
    const command = { action: 'cli admin add', session: undefined, ip: '' }
    await audit(services, command, { actor: 'cli', detail: '\u001b[2J' })
    const { stdout } = await cli.run('audit')
    const lines = stdout.split('\n')
    expect(lines[0]).to.match(/^TIME {17}ACTION {20}OUTCOME {2}BY {5}TO {5}FROM {9}DETAIL$/)
    expect(lines[1]).to.match(/^20\d\d-.* {2}cli admin add {13}ok {7}cli {4}- {6}- {12}\\u001b\[2J$/)
    expect(lines[2]).to.equal(
      '2026-01-02 10:00:00  manage.account.user.edit  ok       10002  10003  2001:db8::1  user_state 1 -> 0',
    )
  })

  it('shows them as JSON', async () => {
    const shown = JSON.parse((await cli.run('audit --user 10002 --json')).stdout)
    expect(shown).to.deep.equal([
      {
        id: shown[0].id,
        at: '2026-01-02T02:00:00.000Z',
        action: 'manage.account.user.edit',
        outcome: 'ok',
        actorId: 10002,
        actor: '',
        targetId: 10003,
        ip: '2001:db8::1',
        request: '',
        detail: 'user_state 1 -> 0',
      },
    ])
  })

  it('shows what a user did and what was done to that user, one action, a time, and so many', async () => {
    const both = ['cli admin add', 'manage.account.user.edit']
    expect(await actions('')).to.deep.equal(both)
    for (const user of ['10002', '10003'])
      expect(await actions(`--user ${user}`)).to.deep.equal(['manage.account.user.edit'])
    expect(await actions('--user 10004')).to.deep.equal([])
    expect(await actions('--action manage.account.user.edit')).to.deep.equal(['manage.account.user.edit'])
    expect(await actions('--limit 1')).to.deep.equal(['cli admin add'])
    expect(await actions('--request request-0001')).to.deep.equal([])
    for (const since of ['24h', '1d', '150m']) expect(await actions(`--since ${since}`)).to.have.length(1)
    for (const since of ['1h', '90m']) expect(await actions(`--since ${since}`)).to.deep.equal([])
    expect(await actions('--since 2026-01-02')).to.deep.equal(both)
    expect(await actions('--since 2026-01-03')).to.deep.equal(['cli admin add'])
  })
})

describe('audit', () => {
  it('refuses what is no user, no time or no number', async () => {
    const refusals = [
      ['--user', 'zhang', /It must be a whole number from 1 to 4294967295\.$/],
      ['--since', 'yesterday', /It must be a date such as 2026-01-31, or a time ago such as 24h or 7d\.$/],
      ['--since', '2026-02-31', /It must be a date such as/],
      ['--since', '24', /It must be a date such as/],
      ['--limit', '0', /It must be a whole number from 1 to 10000\.$/],
      ['--limit', '10001', /It must be a whole number from 1 to 10000\.$/],
    ] as const
    for (const [option, value, line] of refusals) {
      const given = await refusalOf(['audit', option, value])
      expect(given.code, value).to.equal(2)
      expect(given.line, value).to.match(line)
    }
  })
})
