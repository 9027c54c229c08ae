import type { Origin } from '../../../gateway/contract/method.js'
import { limitKey, networkKey } from '../../../gateway/services/limits/limit-key.js'
import type { Services } from '../../../gateway/services/services.js'
import type { ChannelAddress } from './addresses.js'
import { isBackEnd } from './networks.js'
import type { UsageLimit } from './usage.js'

/** The parts of a call that decide how many messages it may send. */
export type Sender = Pick<Origin, 'app' | 'ip' | 'session'>

/** What strangers can have sent to an address. Each has a budget of its own: one can't use up another's. */
export type SendPurpose = 'code' | 'recovery' | 'verification'

type LimitServices = Pick<Services, 'config'>

export interface SendLimits {
  /** What counts even when the message could not be sent: the gap, and where the caller is. */
  readonly perTry: readonly UsageLimit[]
  /** What counts messages that went out: per address and hour, per address and day, and all of a day. */
  readonly perMessage: readonly UsageLimit[]
}

/** How much may be sent to an address for a purpose, whoever asks. */
export function sendLimits(
  { config: { codes } }: LimitServices,
  address: ChannelAddress,
  purpose: SendPurpose,
): SendLimits {
  const key = purpose === 'code' ? address : `${purpose}:${address}`
  return {
    perTry: codes.gapSeconds > 0 ? [{ name: `gap:${key}`, points: 1, seconds: codes.gapSeconds }] : [],
    perMessage: [
      { name: `hour:${key}`, points: codes.perNumberHour, seconds: 3600 },
      { name: `day:${key}`, points: codes.perNumberDay, seconds: 86_400 },
    ],
  }
}

export function ofStranger(
  services: LimitServices,
  { perTry, perMessage }: SendLimits,
  { channel, sender }: { readonly channel: 'sms' | 'mail'; readonly sender: Sender },
): SendLimits {
  return {
    perTry: [...perTry, ...senderLimits(services, sender)],
    perMessage: [...perMessage, ...networkShare(services, channel, sender)],
  }
}

export function withShare({ perTry, perMessage }: SendLimits, share: UsageLimit): SendLimits {
  return { perTry, perMessage: [...perMessage, share] }
}

/** What a caller's address and network may have sent in an hour, by whatever channel. */
export function senderLimits({ config }: LimitServices, { ip, app }: Sender): UsageLimit[] {
  if (isBackEnd(app)) return []
  const { perIpHour, perNetworkHour } = config.codes
  return [
    { name: `hour:ip:${limitKey(ip)}`, points: scaled(config, perIpHour), seconds: 3600 },
    { name: `hour:net:${networkKey(ip)}`, points: scaled(config, perNetworkHour), seconds: 3600 },
  ]
}

/** What a network may use of a day's messages: never less than one address in an hour. */
function networkShare({ config }: LimitServices, channel: 'sms' | 'mail', { ip, app }: Sender): UsageLimit[] {
  if (isBackEnd(app)) return []
  const { perDay, networkShare, perIpHour } = config.codes
  const points = scaled(config, Math.max(perDay * networkShare, perIpHour))
  return [{ name: `day:net:${channel}:${networkKey(ip)}`, points, seconds: 86_400 }]
}

/** Limits per address and network are multiplied by LIMIT_IP_SCALE, never to nothing. */
export function scaled({ ipLimitScale }: Services['config'], points: number): number {
  return Math.max(1, Math.round(points * ipLimitScale))
}
