import type { Command } from 'commander'
import { addCheckCommand } from './check.js'
import { addConfigCommand } from './config.js'
import { addProxyCommand } from './proxy.js'
import { addCommitCommand } from './commit.js'
import { addRecordCommand } from './record.js'
import { addReplayCommand } from './replay.js'
import { addShadowCommand } from './shadow.js'
import { addStatusCommand } from './status.js'
import { addSwitchCommands } from './switch.js'

/** Adds `move`: from an old gateway to this one, with proof on its own traffic (docs/move.md). */
export function addMoveCommands(program: Command): void {
  const move = program
    .command('move')
    .description("from an old gateway to this one, proved on the old one's own traffic")
  addRecordCommand(move)
  addReplayCommand(move)
  addCheckCommand(move)
  addShadowCommand(move)
  addProxyCommand(move)
  addSwitchCommands(move)
  addStatusCommand(move)
  addConfigCommand(move)
  addCommitCommand(move)
}
