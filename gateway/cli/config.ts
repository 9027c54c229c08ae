import type { Command } from 'commander'
import { describeConfig } from '../../config/config.js'
import { readEnvironment } from '../../config/env.js'
import { addExample, addJsonOption, type JsonOption } from './command/options.js'
import { printJson, printLines, tableLines } from './command/print.js'

/** Adds `config`, which shows what is in force and makes no files. */
export function addConfigCommand(program: Command): void {
  const command = program
    .command('config')
    .description('show the configuration in force, secrets masked; a line with "!" is probably not meant')
    .action(({ json }: JsonOption) => {
      const rows = describeConfig(readEnvironment())
      if (json) return printJson(rows)
      const cells = rows.map(({ name, value, source, warning }) => {
        return [name, value, source, warning === undefined ? '' : `! ${warning}`]
      })
      printLines(tableLines(['NAME', 'VALUE', 'SOURCE', ''], cells))
    })
  addExample(addJsonOption(command), 'config')
}
