import { writeFileSync } from 'node:fs'
import type { Command } from 'commander'
import { loadConfig } from '../../config/config.js'
import { methodTable } from '../../methods/table.js'
import { compileTable } from '../contract/compile-table.js'
import { describeGateway } from '../openapi/document.js'
import { addExample } from './command/options.js'
import { printJson } from './command/print.js'

interface OpenApiOptions {
  readonly out?: string
}

/** Adds `openapi`, which needs neither a database nor a running server. */
export function addOpenApiCommand(program: Command): void {
  const command = program
    .command('openapi')
    .description('describe all methods, parameters, results and errors as OpenAPI 3.1')
    .option('--out <file>', 'write to this file instead of standard output')
    .action(({ out }: OpenApiOptions) => {
      const { publicUrl, timeZone } = loadConfig(undefined, { makeKeys: false })
      const description = describeGateway(compileTable(methodTable, timeZone), publicUrl)
      if (out === undefined) printJson(description)
      else writeFileSync(out, `${JSON.stringify(description, null, 2)}\n`)
    })
  addExample(command, 'openapi --out openapi.json')
}
