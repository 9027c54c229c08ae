import { exitCodeOf, explain } from './command/error.js'
import { createProgram } from './program.js'

/** Runs the command that these arguments name. What failed is told on standard error and by the exit code. */
export async function runCommandLine(args: readonly string[]): Promise<void> {
  try {
    const program = await createProgram(args)
    await program.parseAsync(args, { from: 'user' })
  } catch (error) {
    const reason = explain(error)
    if (reason !== undefined) process.stderr.write(`${reason}\n`)
    // exit() would cut off what is still on its way into a pipe.
    process.exitCode = exitCodeOf(error)
  }
}
