import { expect } from 'chai'
import { existsSync } from 'node:fs'
import { connect } from '../../../db/connect.js'
import { onEachEmptyDatabase, type TestDatabase } from '../../servers/databases.js'
import { refusal, useCommandLine } from './command-line.js'

onEachEmptyDatabase('migrate', (database) => {
  const cli = useCommandLine(database)
  let names: string[]

  it('lists what would run, and changes nothing', async () => {
    const { code, stdout, stderr } = await cli.run('migrate --pending --json')
    expect({ code, stderr }).to.deep.equal({ code: 0, stderr: '' })
    names = JSON.parse(stdout).pending
    expect(names[0]).to.equal('0001-users')
    expect((await cli.run('migrate --pending')).stdout).to.equal(
      names.map((name) => `pending ${name}\n`).join(''),
    )
    expect(await isUntouched(database)).to.equal(true)
  })

  it('is what the other commands ask for until it has run', async () => {
    const commands = ['app list', 'user passwd 10002']
    for (const answer of await Promise.all(commands.map((command) => cli.run(command)))) {
      expect(refusal(answer)).to.deep.equal({
        code: 1,
        line: `error: the database is not up to date (${names.length} migrations to run): run "passport-gateway migrate" first`,
      })
    }
  })

  it('says what it ran', async () => {
    const { code, stdout, stderr } = await cli.run('migrate')
    expect({ code, stderr }).to.deep.equal({ code: 0, stderr: '' })
    expect(stdout).to.equal(names.map((name) => `ran ${name}\n`).join(''))
    expect((await cli.run('app list')).stdout).to.equal('no application is registered\n')
  })

  it('says when there is nothing to do', async () => {
    expect(await cli.run('migrate')).to.include({ code: 0, stdout: 'nothing to do\n' })
    expect(await cli.run('migrate --pending')).to.include({ code: 0, stdout: 'nothing to do\n' })
    expect(JSON.parse((await cli.run('migrate --json')).stdout)).to.deep.equal({ ran: [] })
  })

  it('makes no keys', async () => {
    const env = { DATA_KEY: '', JWT_SECRET: '' }
    expect((await cli.run('migrate', { env })).code).to.equal(0)
    expect(existsSync(cli.dataDir)).to.equal(false)
  })
})

async function isUntouched({ kind, url }: TestDatabase): Promise<boolean> {
  if (kind === 'sqlite') return !existsSync(url.replace('sqlite:', ''))
  const db = connect({ kind, url })
  try {
    const [tables]: unknown[][] = await db.raw('SHOW TABLES')
    return tables?.length === 0
  } finally {
    await db.destroy()
  }
}
