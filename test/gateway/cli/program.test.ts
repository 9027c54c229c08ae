import { expect } from 'chai'
import type { Command } from 'commander'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createProgram } from '../../../gateway/cli/program.js'
import { problemsIn } from '../../config/support.js'
import { freePort } from '../../servers/processes/process.js'
import { moduleArguments, siblingModule } from '../../servers/processes/this-build.js'
import { refusal, runCli, runCommand } from './command-line.js'

function leavesOf(command: Command): Command[] {
  const { commands } = command
  return commands.length > 0 ? commands.flatMap(leavesOf) : [command]
}

function pathOf(command: Command): string {
  return command.parent ? `${pathOf(command.parent)} ${command.name()}` : command.name()
}

function helpOf(command: Command): string {
  let help = ''
  command.configureOutput({ writeOut: (text) => (help += text) }).outputHelp()
  return help
}

describe('The command line', () => {
  it('has these commands', async () => {
    expect(
      leavesOf(await createProgram()).map((command) => pathOf(command).replace('passport-gateway ', '')),
    ).to.include.members([
      'config',
      'migrate',
      'openapi',
      'app add',
      'app list',
      'app show',
      'app rotate',
      'app grant',
      'app disable',
      'app enable',
      'user add',
      'user show',
      'user passwd',
      'user disable',
      'user enable',
      'admin add',
      'admin list',
      'admin remove',
      'role list',
      'role grant',
      'role revoke',
      'audit',
      'callers',
      'method list',
      'method brownout',
      'ip block',
      'ip unblock',
      'ip list',
      'setting set',
      'setting get',
      'setting unset',
      'setting list',
      'move record',
      'move replay',
    ])
  })

  it('ends the help of every command with a line to copy', async () => {
    for (const command of leavesOf(await createProgram())) {
      const [, example] = /\nExample:\n {2}(.*)\n$/.exec(helpOf(command)) ?? []
      expect(example, pathOf(command)).to.match(new RegExp(`^${pathOf(command)}( |$)`))
    }
  })

  it('has the same commands and help in a group that is loaded alone', async () => {
    for (const group of (await createProgram()).commands) {
      const alone = await createProgram([group.name()])
      const [only, ...others] = alone.commands
      expect(others, group.name()).to.deep.equal([])
      expect(leavesOf(alone).map(pathOf)).to.deep.equal(leavesOf(group).map(pathOf))
      expect(only && helpOf(only)).to.equal(helpOf(group))
    }
  })

  it('shows help with exit code 0 when it is asked for', async () => {
    const { code, stdout, stderr } = await runCli(['app', 'add', '--help'])
    expect({ code, stderr }).to.deep.equal({ code: 0, stderr: '' })
    expect(stdout).to.match(/^Usage: passport-gateway app add \[options\] <name>\n/)
  })

  it('shows help on standard error with exit code 2 when no command is given', async () => {
    for (const args of [[], ['app']]) {
      const { code, stdout, stderr } = await runCli(args)
      expect({ code, stdout }, args.join(' ')).to.deep.equal({ code: 2, stdout: '' })
      expect(stderr).to.match(/^Usage: passport-gateway /)
    }
  })

  it('refuses what it does not know with one line and exit code 2', async () => {
    expect(refusal(await runCommand(['apps']))).to.deep.equal({
      code: 2,
      line: "error: unknown command 'apps' (Did you mean app?)",
    })
    expect(refusal(await runCommand(['ip', 'list', '--loud']))).to.deep.equal({
      code: 2,
      line: "error: unknown option '--loud'",
    })
    expect(refusal(await runCommand(['app', 'show']))).to.deep.equal({
      code: 2,
      line: "error: missing required argument 'name'",
    })
  })

  it('tells what is wrong with the configuration in its own words', async () => {
    const env = { NODE_ENV: 'test', PORT: 'http', WORKERS: '0' }
    for (const command of ['config', 'ip list']) {
      const { code, stdout, stderr } = await runCommand(command.split(' '), { env })
      expect({ code, stdout }, command).to.deep.equal({ code: 1, stdout: '' })
      expect(stderr).to.equal(['The configuration is not usable:', ...problemsIn(env), ''].join('\n'))
    }
  })

  it('tells in one line that the database cannot be reached, without its password', async () => {
    const port = await freePort()
    const env = { DATABASE_URL: `mysql://operator:hush@127.0.0.1:${port}/passport` }
    const { code, line } = refusal(await runCommand(['ip', 'list'], { env }))
    expect(code).to.equal(1)
    expect(line).to.equal(
      'error: the database cannot be reached or is too busy: [ECONNREFUSED]; ' +
        `host 127.0.0.1, port ${port}, user operator, database passport`,
    )
  })

  it('refuses a database that only the server itself can see', async () => {
    const answer = await runCommand(['migrate'], { env: { DATABASE_URL: 'sqlite::memory:' } })
    expect(refusal(answer)).to.deep.equal({
      code: 1,
      line: 'error: DATABASE_URL is sqlite::memory:, which nobody but the server itself can see',
    })
  })

  it('ends quietly when its reader has seen enough', async () => {
    const main = siblingModule(import.meta.url, '../../../gateway/cli/main')
    const child = spawn(process.execPath, [...moduleArguments(import.meta.url), main, 'config'], {
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    let stderr = ''
    child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text))
    child.stdout.destroy()
    const [code] = await once(child, 'close')
    expect({ code, stderr }).to.deep.equal({ code: 0, stderr: '' })
  })
})
