#!/usr/bin/env node
import { showSourcesInStacks } from '../start/source-stacks.js'
import { runCommandLine } from './run.js'

showSourcesInStacks()

// A reader that closes early (`| head`) is no failure.
process.stdout.on('error', (error) => process.exit('code' in error && error.code === 'EPIPE' ? 0 : 1))

await runCommandLine(process.argv.slice(2))
