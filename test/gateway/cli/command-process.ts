import { Readable } from 'node:stream'
import { runCommandLine } from '../../../gateway/cli/run.js'

// A process that runs one command of the command line after another: starting Node.js and loading the modules cost a
// second of CPU each time. What a command finds of its process is its own: environment, input, output and exit code.

/** A command to run, as its process would be given it. */
export interface HostedCommand {
  readonly args: readonly string[]
  readonly env: Readonly<Record<string, string>>
  readonly input: string
}

/** What the command's process would have left. */
export interface HostedAnswer {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
}

/** Keeps what is written to a stream instead of writing it, until it is released. */
function capture(stream: NodeJS.WriteStream): { text(): string; release(): void } {
  let text = ''
  stream.write = (chunk: Uint8Array | string, ...rest: unknown[]) => {
    text += typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString('utf8')
    const done = rest.at(-1)
    if (typeof done === 'function') done()
    return true
  }
  // The stream's own method is the prototype's.
  return { text: () => text, release: () => void Reflect.deleteProperty(stream, 'write') }
}

async function run({ args, env, input }: HostedCommand): Promise<HostedAnswer> {
  process.env = { ...env }
  Object.defineProperty(process, 'stdin', { value: Readable.from([Buffer.from(input)]), configurable: true })
  process.exitCode = 0
  const stdout = capture(process.stdout)
  const stderr = capture(process.stderr)
  try {
    await runCommandLine(args)
  } finally {
    stdout.release()
    stderr.release()
  }
  return { code: process.exitCode, stdout: stdout.text(), stderr: stderr.text() }
}

process.on('message', (command: HostedCommand) => {
  void run(command).then((answer) => process.send?.(answer))
})
process.on('disconnect', () => process.exit())
