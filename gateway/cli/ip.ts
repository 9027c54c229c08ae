import { type Command, InvalidArgumentError } from 'commander'
import { type IpBlockRow, listIpBlocks } from '../../db/ip-blocks.js'
import {
  blockAddress,
  mostReason,
  readAddress,
  unblockAddress,
} from '../../methods/rules/operation/ip-blocks.js'
import { formatTime } from '../wire/time.js'
import { commandLine } from './command/command-line.js'
import { addExample, addJsonOption, type JsonOption, readHours } from './command/options.js'
import { isoTime, printJson, printLines, tableLines } from './command/print.js'
import { withDatabase } from './command/session.js'

interface BlockOptions {
  readonly hours?: number
  readonly reason: string
}

/** Adds `ip`: addresses that the gateway answers with code 10011 and nothing else (passport.md §5). */
export function addIpCommands(program: Command): void {
  const ip = program.command('ip').description('blocked client addresses')
  const blockCommand = ip
    .command('block')
    .description('block an address or a CIDR range; replaces an earlier block of the same')
    .argument('<address>', 'an IP address or a CIDR range', readAddressArgument)
    .option('--hours <number>', 'for how long; until unblocked if absent', readHours)
    .option('--reason <text>', 'a note for "ip list"', readReason, '')
    .action(block)
  addExample(blockCommand, 'ip block 203.0.113.0/24 --hours 24 --reason "code flood"')
  const unblockCommand = ip
    .command('unblock')
    .description('unblock an address or range')
    .argument('<address>', 'as "ip list" shows it', readAddressArgument)
    .action(unblock)
  addExample(unblockCommand, 'ip unblock 203.0.113.0/24')
  const list = ip.command('list').description('show the blocks in force').action(listBlocks)
  addExample(addJsonOption(list), 'ip list')
}

async function block(address: string, { hours, reason }: BlockOptions): Promise<void> {
  const until = await withDatabase(async (session) => {
    const expiresAt = await blockAddress(session, { address, hours, reason }, commandLine('cli ip block'))
    return expiresAt === null ? 'unblocked' : formatTime(expiresAt, session.config.timeZone)
  })
  printLines([`${address} is blocked until ${until}; running nodes see it within 5 seconds`])
}

async function unblock(address: string): Promise<void> {
  await withDatabase((session) => unblockAddress(session, address, commandLine('cli ip unblock')))
  printLines([`${address} is not blocked any more; running nodes see it within 5 seconds`])
}

async function listBlocks({ json }: JsonOption): Promise<void> {
  const { blocks, timeZone } = await withDatabase(async ({ db, clock, config }) => {
    return { blocks: await listIpBlocks(db, clock.now()), timeZone: config.timeZone }
  })
  if (json) return printJson(blocks.map(describeBlock))
  if (blocks.length === 0) return printLines(['no address is blocked'])
  const rows = blocks.map(({ address, created_at, expires_at, reason }) => {
    return [
      address,
      formatTime(created_at, timeZone),
      formatTime(expires_at, timeZone) || 'unblocked',
      reason,
    ]
  })
  printLines(tableLines(['ADDRESS', 'SINCE', 'UNTIL', 'REASON'], rows))
}

function describeBlock({ address, reason, created_at, expires_at }: IpBlockRow) {
  return { address, reason, since: isoTime(created_at), until: isoTime(expires_at) }
}

function readAddressArgument(text: string): string {
  const address = readAddress(text)
  if (address === undefined)
    throw new InvalidArgumentError('It must be an IP address or a CIDR range such as 10.0.0.0/8.')
  return address
}

function readReason(text: string): string {
  if (text.length > mostReason)
    throw new InvalidArgumentError(`It may have at most ${mostReason} characters.`)
  return text
}
