import { isIP, SocketAddress } from 'node:net'
import { deleteIpBlock, type IpBlockRow, listIpBlocks, saveIpBlock } from '../../../db/ip-blocks.js'
import { transaction } from '../../../db/transaction.js'
import { isAddressRange } from '../../../config/formats.js'
import { AddressList } from '../../../gateway/services/apps/address-list.js'
import type { Services } from '../../../gateway/services/services.js'
import { audit } from '../audit.js'
import type { Operator } from './operator.js'
import { refusal } from './refusals.js'

type BlockServices = Pick<Services, 'db' | 'clock'>

export const mostReason = 255

export interface NewIpBlock {
  /** As `readAddress` gives it. */
  readonly address: string
  /** Absent: until unblocked. */
  readonly hours?: number | undefined
  readonly reason: string
}

/**
 * Blocks an address or a range, in place of an earlier block of the same; returns until when (ms), null for until it is
 * unblocked. Throws FIELD_REFUSED where an administrator of the console would be blocked as well.
 */
export async function blockAddress(
  services: BlockServices,
  { address, hours, reason }: NewIpBlock,
  operator: Operator,
): Promise<number | null> {
  const now = services.clock.now()
  const expiresAt = hours === undefined ? null : now + Math.round(hours * 3_600_000)
  if (operator.session && covers(address, operator.ip))
    throw refusal('this would block your own address', '不能封禁您自己的地址')
  if (operator.session && isVast(address))
    throw refusal('wider than /8 (IPv6: /19) only by the command line', '网段过大，请使用命令行')
  await transaction(services, async (services) => {
    await saveIpBlock(services.db, { address, reason, created_at: now, expires_at: expiresAt })
    const span = hours === undefined ? 'until unblocked' : `${hours} hours`
    await audit(services, operator, { detail: `${address}, ${span}` })
  })
  return expiresAt
}

/** Ends the block of an address or a range. Throws FIELD_REFUSED where there is none, and tells of a wider one. */
export async function unblockAddress(
  services: BlockServices,
  address: string,
  operator: Operator,
): Promise<void> {
  await transaction(services, async (services) => {
    const { db, clock } = services
    if (!(await deleteIpBlock(db, address))) {
      const wider = (await listIpBlocks(db, clock.now())).find((block) => isWider(block, address))
      throw wider
        ? refusal(
            `${address} is not blocked by itself, but by ${wider.address}`,
            `${address} 属于已封禁的 ${wider.address}`,
          )
        : refusal(`${address} is not blocked`, `${address} 未被封禁`)
    }
    await audit(services, operator, { detail: address })
  })
}

/** No network that somebody owns: two such blocks shut nearly everybody out, and only the command line would help. */
function isVast(range: string): boolean {
  const [address = '', bits] = range.split('/')
  return bits !== undefined && Number(bits) < (isIP(address) === 6 ? 19 : 8)
}

function isWider(block: IpBlockRow, address: string): boolean {
  return covers(block.address, address.split('/')[0] ?? '')
}

function covers(range: string, ip: string): boolean {
  return new AddressList([range]).has(ip)
}

/** The one spelling of an address or range, so that any spelling can unblock it; undefined for what is neither. */
export function readAddress(text: string): string | undefined {
  if (!isAddressRange(text)) return undefined
  const [base = '', bits] = text.split('/')
  const isV6 = isIP(base) === 6
  const { address } = new SocketAddress({ address: base, family: isV6 ? 'ipv6' : 'ipv4' })
  return bits === undefined || bits === (isV6 ? '128' : '32') ? address : `${address}/${bits}`
}

/** As `readAddress`. Throws FIELD_REFUSED for what is neither an address nor a range. */
export function requireAddress(text: string): string {
  const address = readAddress(text.trim())
  if (address === undefined)
    throw refusal('an IP address or a CIDR range such as 10.0.0.0/8', '请填写 IP 地址或网段，如 10.0.0.0/8')
  return address
}
