#!/usr/bin/env node
import { exitCodeOf, explain } from './command/error.js'
import { createProgram } from './program.js'

// A reader that closes early (`| head`) is no failure.
process.stdout.on('error', (error) => process.exit('code' in error && error.code === 'EPIPE' ? 0 : 1))

const args = process.argv.slice(2)
const program = await createProgram(args)
program.parseAsync(args, { from: 'user' }).catch((error: unknown) => {
  const reason = explain(error)
  if (reason !== undefined) process.stderr.write(`${reason}\n`)
  // exit() would cut off what is still on its way into a pipe.
  process.exitCode = exitCodeOf(error)
})
