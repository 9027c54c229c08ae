import type { Environment } from './env.js'

/** How verification codes are made, and how many are sent and tried. */
export interface CodesConfig {
  readonly length: number
  readonly minutes: number
  readonly gapSeconds: number
  readonly perNumberHour: number
  readonly perNumberDay: number
  readonly perIpHour: number
  readonly perNetworkHour: number
  readonly perDay: number
  /** How much of `perDay` one network may use, 0 to 1. */
  readonly networkShare: number
  /** How much of `perDay` strangers can't use, 0 to 1. */
  readonly reserve: number
  readonly wrongPerIpHour: number
  readonly wrongPerNetworkHour: number
}

export function codesOf(e: Environment): CodesConfig {
  return {
    length: e.CODE_LENGTH,
    minutes: e.CODE_MINUTES,
    gapSeconds: e.CODE_GAP,
    perNumberHour: e.CODE_PER_NUMBER_HOUR,
    perNumberDay: e.CODE_PER_NUMBER_DAY,
    perIpHour: e.CODE_PER_IP_HOUR,
    perNetworkHour: e.CODE_PER_NETWORK_HOUR,
    perDay: e.CODE_PER_DAY,
    networkShare: e.CODE_NETWORK_SHARE / 100,
    reserve: e.CODE_RESERVE / 100,
    wrongPerIpHour: e.WRONG_CODES_PER_IP_HOUR,
    wrongPerNetworkHour: e.WRONG_CODES_PER_NETWORK_HOUR,
  }
}
