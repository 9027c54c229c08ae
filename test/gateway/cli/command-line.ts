import { type ChildProcess, fork, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { exitCodeOf, explain } from '../../../gateway/cli/command/error.js'
import { createProgram } from '../../../gateway/cli/program.js'
import { hashCost } from '../../password-cost.js'
import { makePrivateFolder, removePrivateFolder } from '../../servers/processes/leftovers.js'
import { moduleArguments, siblingModule } from '../../servers/processes/this-build.js'
import type { HostedAnswer, HostedCommand } from './command-process.js'

const mainModule = siblingModule(import.meta.url, '../../../gateway/cli/main')
const hostModule = siblingModule(import.meta.url, './command-process')

/** Keys that a gateway and the command line beside it have in common. */
export const keys = {
  DATA_KEY: 'data-key-of-operator-tests-32-long',
  JWT_SECRET: 'jwt-secret-of-operator-tests-32-long',
}

export interface CliAnswer {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

export interface CliOptions {
  readonly env?: Readonly<Record<string, string>>
  /** What standard input holds; nothing if absent. */
  readonly input?: string
}

/** Runs the real command line to its end, with these environment variables and no others of the server. */
export async function runCli(
  args: readonly string[],
  { env = {}, input = '' }: CliOptions = {},
): Promise<CliAnswer> {
  const child = spawn(process.execPath, [...moduleArguments(import.meta.url), mainModule, ...args], {
    env: { PATH: process.env['PATH'], NODE_ENV: 'test', ...env },
    timeout: 60_000,
    killSignal: 'SIGKILL',
  })
  let stdout = ''
  let stderr = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text))
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text))
  // A command that does not read its input may be gone before it is written.
  child.stdin.on('error', () => {})
  child.stdin.end(input)
  const [code]: (number | null)[] = await once(child, 'close')
  return { code: code ?? null, stdout, stderr }
}

/** Processes that wait for their next command. */
const idleHosts: ChildProcess[] = []

/**
 * Runs a command as `runCli` does, in a process that has run others before: starting one costs a second of CPU. What
 * the start itself does is tried with `runCli`.
 */
export async function runCommand(
  args: readonly string[],
  { env = {}, input = '' }: CliOptions = {},
): Promise<CliAnswer> {
  const host = idleHosts.pop() ?? startHost()
  const command: HostedCommand = {
    args,
    env: { PATH: process.env['PATH'] ?? '', NODE_ENV: 'test', ...env },
    input,
  }
  hold(host)
  host.send(command)
  const answer = await nextAnswer(host)
  release(host)
  idleHosts.push(host)
  return answer
}

async function nextAnswer(host: ChildProcess): Promise<CliAnswer> {
  const settled = new AbortController()
  const { signal } = settled
  try {
    return await Promise.race([
      once(host, 'message', { signal }).then(([told]) => told as HostedAnswer),
      once(host, 'exit', { signal }).then(([code]) => {
        throw new Error(`the command ended its process with ${code}`)
      }),
    ])
  } finally {
    settled.abort()
  }
}

function startHost(): ChildProcess {
  const execArgv = moduleArguments(import.meta.url)
  return fork(hostModule, { execArgv, env: {}, stdio: ['ignore', 'ignore', 'inherit', 'ipc'] })
}

/** A host that works keeps this process alive; one that waits does not, and ends with it. */
function hold(host: ChildProcess): void {
  host.ref()
  host.channel?.ref()
}

function release(host: ChildProcess): void {
  host.unref()
  host.channel?.unref()
}

/** The command line of a suite: over one database, with a folder of its own. */
export interface CommandLine {
  /** The data folder, which is not made before something is put there. */
  readonly dataDir: string
  /** Words are separated by spaces; an array holds arguments as they are. */
  run(command: string | readonly string[], options?: CliOptions): Promise<CliAnswer>
}

/** Gives the suite it is called in a command line, only to be used in hooks and tests. */
export function useCommandLine(database: { readonly url: string }): CommandLine {
  let folder = ''
  before(() => {
    folder = makePrivateFolder('cli')
  })
  after(() => removePrivateFolder(folder))
  return {
    get dataDir() {
      return join(folder, 'data')
    },
    run(command, { env = {}, input = '' } = {}) {
      const args = typeof command === 'string' ? command.split(' ') : command
      const own = { ...keys, ...hashCost(env), DATA_DIR: join(folder, 'data'), DATABASE_URL: database.url }
      return runCommand(args, { env: { ...own, ...env }, input })
    },
  }
}

/** What must hold of every refusal: one line on standard error, no stack, nothing on standard output. */
export function refusal(answer: CliAnswer): { code: number | null; line: string } {
  const lines = answer.stderr.split('\n')
  if (answer.stdout !== '' || lines.length !== 2 || lines[1] !== '')
    throw new Error(`not one line of standard error:\n${answer.stdout}\n${answer.stderr}`)
  return { code: answer.code, line: lines[0] ?? '' }
}

/** How a command is refused that is wrong by itself, which takes neither a database nor a process of its own. */
export async function refusalOf(args: readonly string[]): Promise<{ code: number; line: string }> {
  let told = ''
  try {
    const program = await createProgram(args, (text) => (told += text))
    await program.parseAsync(args, { from: 'user' })
  } catch (error) {
    return { code: exitCodeOf(error), line: (told || (explain(error) ?? '')).trimEnd() }
  }
  throw new Error(`was not refused: ${args.join(' ')}`)
}

/** The answer as soon as it is the expected one, or the last one when it has not become so in five seconds. */
export async function within5Seconds<T>(
  ask: () => Promise<T>,
  isExpected: (answer: T) => boolean,
): Promise<T> {
  for (const giveUpAt = Date.now() + 5000; ; await sleep(100)) {
    const answer = await ask()
    if (isExpected(answer) || Date.now() > giveUpAt) return answer
  }
}
