import { isIP, SocketAddress } from 'node:net'
import { type Command, InvalidArgumentError } from 'commander'
import { deleteIpBlock, type IpBlockRow, listIpBlocks, saveIpBlock } from '../../db/ip-blocks.js'
import { transaction } from '../../db/transaction.js'
import { formatTime } from '../wire/time.js'
import { buildAddressList } from '../services/apps/apps.js'
import { CommandError } from './command/error.js'
import { addExample, addJsonOption, type JsonOption, readHours } from './command/options.js'
import { isoTime, printJson, printLines, tableLines } from './command/print.js'
import { withDatabase } from './command/session.js'

const mostReason = 255

interface BlockOptions {
  readonly hours?: number
  readonly reason: string
}

/** Adds `ip`: addresses that the gateway answers with code 10011 and nothing else (passport.md §5). */
export function addIpCommands(program: Command): void {
  const ip = program.command('ip').description('blocked client addresses')
  const block = ip
    .command('block')
    .description('block an address or a CIDR range; replaces an earlier block of the same')
    .argument('<address>', 'an IP address or a CIDR range', readAddress)
    .option('--hours <number>', 'for how long; until unblocked if absent', readHours)
    .option('--reason <text>', 'a note for "ip list"', readReason, '')
    .action(blockAddress)
  addExample(block, 'ip block 203.0.113.0/24 --hours 24 --reason "code flood"')
  const unblock = ip
    .command('unblock')
    .description('unblock an address or range')
    .argument('<address>', 'as "ip list" shows it', readAddress)
    .action(unblockAddress)
  addExample(unblock, 'ip unblock 203.0.113.0/24')
  const list = ip.command('list').description('show the blocks in force').action(listBlocks)
  addExample(addJsonOption(list), 'ip list')
}

async function blockAddress(address: string, { hours, reason }: BlockOptions): Promise<void> {
  const until = await withDatabase(async ({ db, clock, config }) => {
    const now = clock.now()
    const expiresAt = hours === undefined ? null : now + Math.round(hours * 3_600_000)
    await transaction({ db }, ({ db }) =>
      saveIpBlock(db, { address, reason, created_at: now, expires_at: expiresAt }),
    )
    return expiresAt === null ? 'unblocked' : formatTime(expiresAt, config.timeZone)
  })
  printLines([`${address} is blocked until ${until}; running nodes see it within 5 seconds`])
}

async function unblockAddress(address: string): Promise<void> {
  await withDatabase(async ({ db, clock }) => {
    if (await transaction({ db }, ({ db }) => deleteIpBlock(db, address))) return
    const wider = (await listIpBlocks(db, clock.now())).find((block) => covers(block, address))
    throw new CommandError(
      wider ? `${address} is not blocked by itself, but by ${wider.address}` : `${address} is not blocked`,
    )
  })
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

function covers(block: IpBlockRow, address: string): boolean {
  const [base = ''] = address.split('/')
  return buildAddressList([block.address]).check(base, isIP(base) === 6 ? 'ipv6' : 'ipv4')
}

/** The one spelling of an address or range, so that any spelling can unblock it. */
function readAddress(text: string): string {
  try {
    buildAddressList([text])
  } catch {
    throw new InvalidArgumentError('It must be an IP address or a CIDR range such as 10.0.0.0/8.')
  }
  const [base = '', bits] = text.split('/')
  const isV6 = isIP(base) === 6
  const { address } = new SocketAddress({ address: base, family: isV6 ? 'ipv6' : 'ipv4' })
  return bits === undefined || bits === (isV6 ? '128' : '32') ? address : `${address}/${bits}`
}

function readReason(text: string): string {
  if (text.length > mostReason)
    throw new InvalidArgumentError(`It may have at most ${mostReason} characters.`)
  return text
}
