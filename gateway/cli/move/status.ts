import type { Command } from 'commander'
import { readMoveState } from '../../move/state/move-state.js'
import { stateHead, stateRows } from '../../move/state/state-lines.js'
import { addExample, addJsonOption, type JsonOption } from '../command/options.js'
import { printJson, printLines, tableLines } from '../command/print.js'
import { withDatabase } from '../command/session.js'

/** Adds `move status`: which server answers what, how both do, and why it was changed last. */
export function addStatusCommand(move: Command): void {
  const status = move
    .command('status')
    .description('show which server answers what, how both do, and why that was changed last')
    .action(showStatus)
  addExample(addJsonOption(status), 'move status')
}

async function showStatus({ json }: JsonOption): Promise<void> {
  const { state, timeZone } = await withDatabase(async ({ db, clock, config: { timeZone } }) => {
    return { state: await readMoveState(db, clock.now()), timeZone }
  })
  if (json) return printJson(state)
  const proxies = state.proxies.map(
    ({ node, follows }) => `proxy ${node}${follows ? '' : ', which does not follow the last change yet'}`,
  )
  printLines(proxies.length === 0 ? ['no proxy is running'] : proxies)
  if (state.routes.length === 0) return printLines(['the old server answers everything'])
  printLines(['', ...tableLines(stateHead, stateRows(state, timeZone))])
}
