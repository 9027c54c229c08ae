import type { CommandLine } from '../../../methods/rules/operation/operator.js'

/** Who acts where a command does: what the audit notes of it. */
export function commandLine(action: `cli ${string}`): CommandLine {
  return { action, actor: 'cli', session: undefined, ip: '' }
}
