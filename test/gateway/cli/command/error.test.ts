import { expect } from 'chai'
import { CommanderError } from 'commander'
import { CommandError, exitCodeOf, explain, UsageError } from '../../../../gateway/cli/command/error.js'
import { GatewayError } from '../../../../gateway/outcome/errors.js'
import { AppRegistryError } from '../../../../gateway/services/apps/registry.js'

describe('A failed command', () => {
  it('exits with 2 when the command line is wrong, else with 1', () => {
    expect(exitCodeOf(new CommanderError(1, 'commander.unknownOption', ''))).to.equal(2)
    expect(exitCodeOf(new UsageError('--password takes "-" only'))).to.equal(2)
    expect(exitCodeOf(new AppRegistryError('--grant: at least one'))).to.equal(2)
    expect(exitCodeOf(new AppRegistryError('NAME: letters'))).to.equal(2)
    expect(exitCodeOf(new AppRegistryError('an application is registered already'))).to.equal(1)
    expect(exitCodeOf(new CommandError('there is no user 1'))).to.equal(1)
    expect(exitCodeOf(new TypeError('a mistake'))).to.equal(1)
    expect(exitCodeOf(new CommanderError(0, 'commander.helpDisplayed', ''))).to.equal(0)
  })

  it('says why in one line that cannot steer the terminal', () => {
    expect(explain(new CommandError('there is no user 1'))).to.equal('error: there is no user 1')
    expect(explain(new Error('one\n  two\u001b[2J'))).to.equal('error: one two\\u001b[2J')
    expect(explain(new GatewayError('PASSWORD_INVALID', { detail: 'password: 6 to 64' }))).to.equal(
      'error: password: 6 to 64',
    )
    expect(explain('a text')).to.equal('error: a text')
  })

  it('says nothing twice', () => {
    expect(explain(new CommanderError(1, 'commander.unknownOption', 'error: unknown option'))).to.equal(
      undefined,
    )
  })

  it('shows the code of a database error, the kind of statement and its table, never its values', () => {
    const failure = (code: string) =>
      Object.assign(new Error("insert into t values ('hush')"), {
        code,
        sql: "insert into t values ('hush')",
      })
    expect(explain(failure('ER_DATA_TOO_LONG'))).to.equal(
      'error: the database refused the command: [ER_DATA_TOO_LONG] (insert, table t)',
    )
    expect(explain(failure('SQLITE_BUSY'))).to.equal(
      'error: the database cannot be reached or is too busy: [SQLITE_BUSY] (insert, table t)',
    )
    expect(explain(failure('E_ANYTHING'))).to.equal(
      'error: the database refused the command: [E_ANYTHING] (insert, table t)',
    )
  })
})
