import type { SentCodeRow } from '../../../db/sent-codes.js'
import type { UsageLimitRow } from '../../../db/usage-limits.js'
import type { Origin } from '../../../gateway/contract/method.js'
import { limitKey, networkKey } from '../../../gateway/services/limits/limit-key.js'
import type { Services } from '../../../gateway/services/services.js'
import type { ChannelAddress } from './addresses.js'
import { isBackEnd } from './networks.js'
import { scaled } from './send-limits.js'
import type { UsageLimit } from './usage.js'

type Config = Services['config']

/** Wrong tries after which a code is dead. */
export const triesPerCode = 5

interface Guessed {
  readonly address: ChannelAddress
  /** Absent: as configured. */
  readonly codeLength: number | undefined
}

/**
 * Wrong tries of a number, across codes (account.md §7), and of the caller's address and network, across numbers:
 * whoever sprays a few guesses over many numbers spends nobody's budget but that of the network.
 */
export function wrongTryLimits(
  config: Config,
  { address, codeLength }: Guessed,
  { app, ip }: Pick<Origin, 'app' | 'ip'>,
): UsageLimit[] {
  const { wrongPerIpHour, wrongPerNetworkHour } = config.codes
  const ofNumber = addressTryLimits(config, { address, codeLength })
  if (isBackEnd(app)) return ofNumber
  return [
    ...ofNumber,
    { name: `${wrongByAddress}${limitKey(ip)}`, points: scaled(config, wrongPerIpHour), seconds: 3600 },
    {
      name: `${wrongByNetwork}${networkKey(ip)}`,
      points: scaled(config, wrongPerNetworkHour),
      seconds: 3600,
    },
  ]
}

/** Wrong tries of an address by everybody, as `wrongTryLimits` holds all to them. */
export function addressTryLimits(
  { codes }: Config,
  { address, codeLength = codes.length }: Guessed,
): UsageLimit[] {
  return perNumber(address, codeLength)
}

/** What the owner of an address may try besides, once strangers have spent the rest; one budget for all networks. */
export function ownersTryLimits({ codes }: Config, sent: SentCodeRow): UsageLimit[] {
  return [
    ...perNumber(`own:${sent.address}`, sent.code_length),
    { name: `tries:own:${sent.code_id}`, points: triesPerCode, seconds: codes.minutes * 60, isGuarded: true },
  ]
}

/** The address or network whose last wrong try this was, if it was. */
export function networkOfLimit(
  limits: readonly UsageLimit[],
  used: readonly UsageLimitRow[],
): string | undefined {
  const spent = used.find(({ name, used }) =>
    limits.some((limit) => limit.name === name && limit.points === used && isOfCaller(name)),
  )
  return spent?.name.slice(
    spent.name.startsWith(wrongByNetwork) ? wrongByNetwork.length : wrongByAddress.length,
  )
}

/** What the names of rows begin with that count wrong codes of an address, and of a network. */
export const wrongByAddress = 'wrong-hour:ip:'
export const wrongByNetwork = 'wrong-hour:net:'

function isOfCaller(name: string): boolean {
  return name.startsWith(wrongByAddress) || name.startsWith(wrongByNetwork)
}

/** Whoever tries a code of the number has locked the code before. */
function perNumber(key: string, codeLength: number): UsageLimit[] {
  const isShort = codeLength < 6
  const isGuarded = true
  const hour = { name: `wrong-hour:${key}`, points: isShort ? 5 : 10, seconds: 3600, isGuarded } as const
  const day = { name: `wrong-day:${key}`, points: 10, seconds: 86_400, isGuarded } as const
  return isShort ? [hour, day] : [hour]
}
