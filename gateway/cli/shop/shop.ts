import type { Command } from 'commander'
import { addExample, addJsonOption } from '../command/options.js'
import { runAdopt } from './adopt.js'
import { runCheck } from './check.js'

/** Adds `shop`: taking over the database of an old shop. */
export function addShopCommands(program: Command): void {
  const shop = program.command('shop').description("an old shop's database: look at it, take it over")
  const check = shop
    .command('check')
    .description(
      'say what an adoption would do, and what stands in its way; changes nothing. Exit code 1: it cannot be adopted, TIME_ZONE does not fit its times, or the shop cannot read the id of a user',
    )
    .action(runCheck)
  addExample(addJsonOption(check), 'shop check')
  const adopt = shop
    .command('adopt')
    .description('widen the tables and take over the users; run again, what the shop has written since')
    .action(runAdopt)
  addExample(adopt, 'shop adopt')
}
